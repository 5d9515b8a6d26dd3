//! Where clients find the gateway.

use api::{Config, LocalAddress};
use axum::body::Body;
use http::Request;
use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn every_name_has_the_address_that_was_asked() {
    let house = House::new().await;
    let mut request = Request::get("/gslb/?list=a%2Cb&type=wifi&")
        .body(Body::empty())
        .unwrap();
    let local = LocalAddress("10.1.2.3:8080".parse().unwrap());
    request.extensions_mut().insert(local);
    let here = ["10.1.2.3:5222"];
    let expected = json!({ "S": "Ok", "R": { "wifi": { "a": here, "b": here } } });
    assert_eq!(house.call(request).await.body, expected);
}

#[tokio::test]
async fn configured_addresses_are_answered_as_they_are() {
    let advertise = vec!["203.0.113.5:5222".to_owned(), "203.0.113.6:5222".to_owned()];
    let house = House::with_config(Config {
        advertise: advertise.clone(),
        ..Config::default()
    });
    let reply = house.await.get("/gslb?list=x", &[]).await;
    assert_eq!(reply.body["R"]["wifi"]["x"], json!(advertise));
}

#[tokio::test]
async fn without_names_there_is_nothing() {
    let house = House::new().await;
    for path in ["/gslb", "/gslb/?list=", "/gslb/?list=,&ver=4.0"] {
        let reply = house.get(path, &[]).await;
        assert_eq!(reply.body, json!({ "S": "Ok", "R": { "wifi": {} } }));
    }
}
