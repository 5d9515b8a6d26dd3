//! A list of routes that can be read, which axum's own cannot.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{self, MethodRouter};
use http::Method;

use crate::state::Api;

/// One method of one path.
pub(crate) struct Route {
    #[cfg_attr(not(test), expect(dead_code, reason = "axum knows it as well"))]
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    handler: MethodRouter<Arc<Api>>,
}

#[derive(Default)]
pub(crate) struct Routes(Vec<Route>);

macro_rules! methods {
    ($($name:ident $method:ident),*) => {$(
        pub(crate) fn $name<H: Handler<T, Arc<Api>>, T: 'static>(
            mut self,
            path: &'static str,
            handler: H,
        ) -> Self {
            self.0.push(Route {
                method: Method::$method,
                path,
                handler: routing::$name(handler),
            });
            self
        }
    )*};
}

impl Routes {
    methods!(get GET, post POST, put PUT, patch PATCH, delete DELETE);

    #[cfg(test)]
    pub(crate) fn into_iter(self) -> impl Iterator<Item = Route> {
        self.0.into_iter()
    }

    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Route> {
        self.0.iter()
    }

    pub(crate) fn into_router(self) -> Router<Arc<Api>> {
        self.0.into_iter().fold(Router::new(), |router, route| {
            router.route(route.path, route.handler)
        })
    }
}
