//! What an installation may set about REST.

/// See each field. The defaults are those of the contract.
#[derive(Clone, Debug)]
pub struct Config {
    /// Origins whose pages may call `/api`; `*` is any.
    pub cors_origins: Vec<String>,
    /// `feDomainName` of a token answer; empty: the Host of the request.
    pub fe_domain: String,
    /// `relayDomainName` of a token answer; empty: the Host of the request.
    pub relay_domain: String,
    /// `IPv4:port` of TCP gateways that `/gslb/` answers with; empty: where the request came in.
    pub advertise: Vec<String>,
    /// How long a request body may take to arrive, in seconds.
    pub body_timeout_s: u64,
    /// Largest request body in bytes.
    pub body_bytes_max: usize,
    /// What may be arriving in request bodies at a time, in KiB; the first of each is free.
    pub bodies_kib_max: usize,
    /// How many repeated questions are held at a time; more are answered at once.
    pub held_questions_max: usize,
    /// Requests of one app per second; 0: any number.
    pub app_requests_per_s: u32,
    /// How long browsers shall come by TLS only, in seconds; 0: that is not said.
    pub hsts_s: u64,
    /// Failed authentications from one address per minute; 0: any number.
    pub auth_failures_per_min: u32,
    /// How long a session of the console lasts that is not used, in seconds.
    pub console_session_s: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            cors_origins: vec!["*".into()],
            fe_domain: String::new(),
            relay_domain: String::new(),
            advertise: Vec::new(),
            body_timeout_s: 30,
            body_bytes_max: 1 << 20,
            bodies_kib_max: 64 * 1024,
            held_questions_max: 1_000,
            app_requests_per_s: 0,
            hsts_s: 0,
            auth_failures_per_min: 600,
            console_session_s: 3_600,
        }
    }
}
