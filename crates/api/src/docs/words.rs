//! The words around the guides and in the reference, in both languages.

use super::language::Language;

pub(super) struct Words {
    pub(super) skip: &'static str,
    pub(super) pages: &'static str,
    pub(super) language: &'static str,
    pub(super) index_title: &'static str,
    pub(super) index_text: &'static str,
    pub(super) reference: &'static str,
    pub(super) admin_reference: &'static str,
    pub(super) to_admin: &'static str,
    pub(super) to_apps: &'static str,
    pub(super) machine_readable: &'static str,
    pub(super) shapes: &'static str,
    pub(super) credentials: &'static str,
    pub(super) caller: &'static str,
    pub(super) viewers: &'static str,
    pub(super) admins: &'static str,
    pub(super) token_holders: &'static str,
    pub(super) sessions: &'static str,
    pub(super) everybody: &'static str,
    pub(super) parameters: &'static str,
    pub(super) body: &'static str,
    pub(super) data: &'static str,
    pub(super) answer: &'static str,
    pub(super) errors: &'static str,
    pub(super) sometimes: &'static str,
    pub(super) example: &'static str,
    pub(super) refusals: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) is_required: &'static str,
    pub(super) meaning: &'static str,
    pub(super) yes: &'static str,
    pub(super) nothing: &'static str,
}

pub(super) fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &EN,
        Language::Zh => &ZH,
    }
}

/// What `openapi.json` says of all routes.
pub(super) const ABOUT_ZH: &str = "OpenMIMC 的 REST 接口。所有返回都是 `{code, message, data}` 结构。\
    业务上的拒绝同样以 HTTP 200 返回，由 `code` 说明原因；其他 HTTP 状态码表示没有业务结果。\
    64 位 ID 返回时是字符串，请求中字符串和数字都可以。路径末尾有没有斜杠都可以。请求头的值为 UTF-8。\
    各接口的详细说明目前只有英文。";

/// The same of what operators call.
pub(super) const ABOUT_ADMIN_ZH: &str = "运维人员使用的接口，位于 `/admin/v1` 之下：控制台和命令行能做的一切都在这里。\
    调用时携带管理 Token `Authorization: Bearer TOKEN`。viewer 的 Token 只能读取，admin 的 Token 可以做任何事。\
    返回使用真实的 HTTP 状态码，没有外层结构；出错时返回 `{\"error\": {\"code\", \"message\", \"field\"?}}`。\
    ID 和 sequence 是字符串，时间是自 1970 年起的毫秒数。请求体中未知的字段会被拒绝。\
    各接口的详细说明目前只有英文。";

/// What a page is for, in a line.
pub(super) fn summary(language: Language, page: &str) -> &'static str {
    let (en, zh) = match page {
        "quick-start" => (
            "Run the server, make an app, send a first message.",
            "启动服务、创建应用、发出第一条消息。",
        ),
        "moving-from-mimc" => (
            "Bring an app that uses MIMC, and point its SDKs and backend here.",
            "迁入使用 MIMC 的应用，把 SDK 和后台指向这里。",
        ),
        "security" => (
            "Who keeps which secret, how a login works, what is encrypted.",
            "各种密钥由谁保管、登录如何进行、哪些内容加密。",
        ),
        "threat-model" => (
            "What is protected from whom, by what, what is not, and what to do before it faces the internet.",
            "防护什么、防谁、靠什么；哪些不在防护之内；上公网之前要做的事。",
        ),
        "delivery-guarantees" => (
            "What is promised, and what happens at every kind of failure.",
            "承诺了什么，以及各种故障下会怎样。",
        ),
        "bench" => (
            "Put a server under load: how much, how fast, at which cost, and what the figures mean.",
            "给服务器加压：多少、多快、代价多大，以及各数字的含义。",
        ),
        "callbacks" => (
            "Messages posted to your backend: when, with what body and signature.",
            "把消息 POST 到你的后台：何时、请求体与签名。",
        ),
        "message-formats" => (
            "Recommended payloads for text, images, recall, receipts.",
            "推荐的消息体格式：文本、图片、撤回、已读等。",
        ),
        "samples" => (
            "Complete services for tokens and offline messages, in Python and Node.",
            "完整的 token 服务与离线消息服务，Python 和 Node。",
        ),
        "faq" => (
            "Accounts, devices, limits, order, waiting.",
            "账号、设备、限制、顺序、等待。",
        ),
        "web-sdk" => (
            "Chat from a web page or Node: a first use of the module and of the script.",
            "在网页或 Node 里聊天：模块和脚本的入门用法。",
        ),
        "web-sdk-reference" => (
            "Everything public in the web SDK, with parameters, errors and examples.",
            "Web SDK 的全部公开接口：参数、错误与示例。",
        ),
        "console" => (
            "What the pages at / show and do, and how to sign in.",
            "根路径页面的功能，以及如何登录。",
        ),
        "deployment" => (
            "As a service, in a container, behind a proxy, on Kubernetes.",
            "作为系统服务、容器、反向代理之后、Kubernetes 上运行。",
        ),
        "why-did-it-not-arrive" => (
            "Trace one message from its sender to each device.",
            "从发送方到每台设备，追踪一条消息。",
        ),
        "administration" => (
            "Tokens and roles, the admin API with curl, the command line, backup, what to watch.",
            "Token 与角色、用 curl 调用管理接口、命令行、备份与恢复、该看哪些指标。",
        ),
        "admin-api" => (
            "Every route below /admin/v1 that operators call.",
            "运维人员调用的 /admin/v1 下的所有接口。",
        ),
        "api" => (
            "Every REST route that apps call.",
            "应用调用的所有 REST 接口。",
        ),
        _ => ("", ""),
    };
    match language {
        Language::En => en,
        Language::Zh => zh,
    }
}

const EN: Words = Words {
    skip: "Skip to content",
    pages: "Pages",
    language: "Language",
    index_title: "OpenMIMC documentation",
    index_text: "A self-hosted instant-message cloud: one program that clients and servers of MIMC \
        use as they are.",
    reference: "API reference",
    admin_reference: "Admin API reference",
    to_admin: "What operators call has [a page of its own](/docs/en/admin-api).",
    to_apps: "The [administration guide](/docs/en/administration) shows a first use. What apps call \
        has [a page of its own](/docs/en/api).",
    machine_readable: "The same for programs:",
    shapes: "Shapes",
    credentials: "Asked by your server, with the app's credentials in the body.",
    caller: "Asked with the header `token`, or with the headers `appKey`, `appSecret` and \
        `appAccount`.",
    viewers: "For viewers and admins.",
    admins: "For admins.",
    token_holders: "For admins, with the token itself: not from a session of the console.",
    sessions: "With the cookie of a session of the console.",
    everybody: "For everybody: the body says who asks.",
    parameters: "Parameters",
    body: "Body",
    data: "Data",
    answer: "Answer",
    errors: "Errors",
    sometimes: "not always there",
    example: "Example",
    refusals: "Refusals",
    name: "Name",
    kind: "Type",
    is_required: "Required",
    meaning: "Meaning",
    yes: "required",
    nothing: "`null`",
};

const ZH: Words = Words {
    skip: "跳到正文",
    pages: "页面",
    language: "语言",
    index_title: "OpenMIMC 文档",
    index_text: "自托管的即时消息云：一个程序，MIMC 的客户端和后台无需改动即可使用。",
    reference: "接口参考",
    admin_reference: "管理接口参考",
    to_admin: "运维人员使用的接口见[管理接口参考](/docs/zh/admin-api)。",
    to_apps: "入门见[管理指南](/docs/zh/administration)。应用调用的接口见[接口参考](/docs/zh/api)。",
    machine_readable: "供程序读取的版本：",
    shapes: "数据结构",
    credentials: "由你的后台调用，请求体里带应用凭据。",
    caller: "用请求头 `token` 调用，或用请求头 `appKey`、`appSecret` 和 `appAccount` 调用。",
    viewers: "viewer 和 admin 均可调用。",
    admins: "仅 admin 可调用。",
    token_holders: "仅 admin 可调用，且必须用 Token 本身，不能用控制台会话。",
    sessions: "用控制台会话的 cookie 调用。",
    everybody: "任何人均可调用，身份由请求体证明。",
    parameters: "参数",
    body: "请求体",
    data: "返回数据",
    answer: "返回",
    errors: "错误",
    sometimes: "不一定有",
    example: "示例",
    refusals: "拒绝",
    name: "名称",
    kind: "类型",
    is_required: "必填",
    meaning: "说明",
    yes: "必填",
    nothing: "`null`",
};

/// Around the reference of the web SDK.
pub(super) struct SdkWords {
    pub(super) title: &'static str,
    pub(super) about: &'static str,
    pub(super) module: &'static str,
    pub(super) about_module: &'static str,
    pub(super) script: &'static str,
    pub(super) about_script: &'static str,
    pub(super) types: &'static str,
    pub(super) parameters: &'static str,
    pub(super) optional: &'static str,
    pub(super) returns: &'static str,
    pub(super) throws: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
}

pub(super) fn sdk_words(language: Language) -> &'static SdkWords {
    match language {
        Language::En => &SDK_EN,
        Language::Zh => &SDK_ZH,
    }
}

const SDK_EN: SdkWords = SdkWords {
    title: "Web SDK reference",
    about: "Everything public in the web SDK, as its source describes it. The \
        [guide](/docs/en/web-sdk) shows a first use.",
    module: "The module",
    about_module: "`import { Client } from \"@openmimc/sdk\"`, in browsers and in Node from 20 on.",
    script: "The script",
    about_script: "`<script src=\"https://im.example.com/mimc-min_1_0_0.js\">` defines the global \
        `MIMCUser`, with the names and manners of the original's web SDK. The other names below are \
        those of types.",
    types: "Types",
    parameters: "Parameters",
    optional: "optional",
    returns: "Returns",
    throws: "Errors",
    name: "Name",
    kind: "Type",
};

const SDK_ZH: SdkWords = SdkWords {
    title: "Web SDK 参考",
    about: "Web SDK 的全部公开接口，由源码中的注释生成，各项说明目前只有英文。入门用法见\
        [指南](/docs/zh/web-sdk)。",
    module: "模块",
    about_module: "`import { Client } from \"@openmimc/sdk\"`，用于浏览器和 Node 20 及以上版本。",
    script: "脚本",
    about_script: "`<script src=\"https://im.example.com/mimc-min_1_0_0.js\">` 定义全局的 `MIMCUser`，\
        名称和行为与原版 Web SDK 一致。下面的其他名称是类型名。",
    types: "类型",
    parameters: "参数",
    optional: "可选",
    returns: "返回值",
    throws: "错误",
    name: "名称",
    kind: "类型",
};
