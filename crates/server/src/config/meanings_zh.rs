//! What each key means, in Chinese, as the console shows it.

/// Key and meaning.
pub(super) const MEANINGS_ZH: &[(&str, &str)] = &[
    (
        "data_dir",
        "所有数据的存放目录，同一时间只能由一个服务器使用。",
    ),
    (
        "http.listen",
        "REST、WebSocket 与控制台的监听地址；端口 0 表示任选一个空闲端口。",
    ),
    (
        "http.cors_origins",
        "允许调用 /api 的网页来源；“*”表示不限。",
    ),
    (
        "http.websocket_origins",
        "允许打开 WebSocket 的网页来源；“*”表示不限。非浏览器客户端不带来源，一律允许。",
    ),
    (
        "http.trusted_proxies",
        "受信任的代理的地址与网段，采信其 X-Forwarded-For 与 X-Forwarded-Proto。",
    ),
    ("http.header_timeout_s", "等待请求头或下一个请求的秒数。"),
    (
        "tcp.listen",
        "TCP 网关的监听地址；端口 0 表示任选一个空闲端口。",
    ),
    (
        "tls.cert",
        "证书链的 PEM 文件，两个监听端口都用它提供 TLS；文件变化后自动重新读取。",
    ),
    (
        "tls.key",
        "证书私钥的 PEM 文件，须未加密；文件变化后自动重新读取。",
    ),
    (
        "tls.tcp",
        "配置证书后 TCP 网关接受哪些连接：required（仅 TLS）、optional（TLS 与明文，MIMC 原版 SDK 需要明文）或 off（仅明文）。",
    ),
    (
        "tls.hsts_s",
        "经 HTTPS 访问的浏览器在多少秒内不得改用其他方式（Strict-Transport-Security）；0 表示不发送。",
    ),
    (
        "gateway.advertise",
        "/gslb/ 返回的 TCP 网关地址（IPv4:端口）；为空时返回被访问的地址。",
    ),
    (
        "token.fe_domain",
        "Token 应答中的 feDomainName；为空时取请求的 Host。",
    ),
    (
        "token.relay_domain",
        "Token 应答中的 relayDomainName；为空时取请求的 Host。",
    ),
    ("token.ttl_s", "Token 的有效期（秒）。"),
    ("callback.allow_private", "是否允许回调发往本机和内网地址。"),
    (
        "console.session_s",
        "控制台闲置多少秒后需要重新登录；60 到 43200。",
    ),
    (
        "store.accept_clock_behind",
        "即使最新消息比机器时钟快一小时以上也照常启动。",
    ),
    (
        "store.filter_mib",
        "用于加速查找旧消息的内存（MiB）；超出部分从磁盘读取。",
    ),
    (
        "trace.memory_kib",
        "记录消息近期经过的内存（KiB），供 mimc trace 与控制台查询；每步 24 字节，一条消息约四步，最旧的先被覆盖。0 表示不记录。",
    ),
    (
        "limits.connections",
        "客户端连接数上限，TCP 与 WebSocket 合计。",
    ),
    (
        "limits.http_connections",
        "HTTP 连接数上限，超出的立即关闭。",
    ),
    (
        "limits.tls_handshakes",
        "同时进行的 TLS 握手数上限，超出的立即关闭。",
    ),
    (
        "limits.connections_per_address",
        "单个地址（IPv6 按 /64）同时打开的连接数，含 HTTP；超出的立即关闭。应小于 limits.http_connections 和 limits.tls_handshakes，否则一个地址就能占满它们。0 表示不限。",
    ),
    (
        "limits.connects_per_address_per_s",
        "单个地址每秒新建的连接数（按 10 秒平均）；超出的立即关闭。0 表示不限。",
    ),
    (
        "limits.login_failures_per_min",
        "单个地址每分钟在网关上因 Token 或签名而失败的登录次数；达到后不再受理。0 表示不限。",
    ),
    (
        "limits.exempt",
        "不受前三项限制的地址与网段；受信任的代理同样不受限制。",
    ),
    (
        "limits.in_flight_kib",
        "从接受到送达途中的消息总量（KiB），超出时应答“忙”。",
    ),
    (
        "limits.body_kib",
        "同时接收的请求体总量（KiB），超出时应答“忙”。",
    ),
    ("limits.cached_accounts", "内存中缓存的账号数。"),
    (
        "limits.held_questions",
        "重复的查询最多同时挂起多少个（每个 3 秒），超出的立即应答。",
    ),
    (
        "limits.app_requests_per_s",
        "每个应用每秒对 /api 的请求数，超出时返回 HTTP 429；0 表示不限。",
    ),
    (
        "limits.auth_failures_per_min",
        "同一地址每分钟的认证失败次数，超出时返回 HTTP 429；0 表示不限，用于反向代理之后的服务器，因为那里所有请求的地址都相同。",
    ),
    (
        "log.level",
        "error、warn、info、debug 或 trace；也可按模块设置，如 info,gateway=debug。",
    ),
    ("log.format", "text 或 json。"),
];

/// Of a key that there is.
pub(super) fn meaning_zh(key: &str) -> &'static str {
    let known = MEANINGS_ZH.iter().find(|(known, _)| *known == key);
    known.map_or("", |(_, meaning)| meaning)
}

#[cfg(test)]
mod tests {
    use super::super::keys::KEYS;
    use super::*;

    #[test]
    fn the_keys_are_the_same_in_both_languages() {
        let names =
            |keys: &[(&'static str, &str)]| keys.iter().map(|(key, _)| *key).collect::<Vec<_>>();
        assert_eq!(names(KEYS), names(MEANINGS_ZH));
    }
}
