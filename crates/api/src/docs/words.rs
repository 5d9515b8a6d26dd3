//! The words around the guides and in the reference, in both languages.

use super::language::Language;

pub(super) struct Words {
    pub(super) skip: &'static str,
    pub(super) pages: &'static str,
    pub(super) language: &'static str,
    pub(super) index_title: &'static str,
    pub(super) index_text: &'static str,
    pub(super) reference: &'static str,
    pub(super) machine_readable: &'static str,
    pub(super) shapes: &'static str,
    pub(super) credentials: &'static str,
    pub(super) caller: &'static str,
    pub(super) parameters: &'static str,
    pub(super) body: &'static str,
    pub(super) data: &'static str,
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

const EN: Words = Words {
    skip: "Skip to content",
    pages: "Pages",
    language: "Language",
    index_title: "OpenMIMC documentation",
    index_text: "A self-hosted instant-message cloud: one program that clients and servers of MIMC \
        use as they are.",
    reference: "API reference",
    machine_readable: "The same for programs:",
    shapes: "Shapes",
    credentials: "Asked by your server, with the app's credentials in the body.",
    caller: "Asked with the header `token`, or with the headers `appKey`, `appSecret` and \
        `appAccount`.",
    parameters: "Parameters",
    body: "Body",
    data: "Data",
    example: "Example",
    refusals: "Refusals",
    name: "Name",
    kind: "Type",
    is_required: "Required",
    meaning: "Meaning",
    yes: "yes",
    nothing: "`null`",
};

const ZH: Words = Words {
    skip: "跳到正文",
    pages: "页面",
    language: "语言",
    index_title: "OpenMIMC 文档",
    index_text: "自托管的即时消息云：一个程序，MIMC 的客户端和后台无需改动即可使用。",
    reference: "接口参考",
    machine_readable: "供程序读取的版本：",
    shapes: "数据结构",
    credentials: "由你的后台调用，请求体里带应用凭据。",
    caller: "用请求头 `token` 调用，或用请求头 `appKey`、`appSecret` 和 `appAccount` 调用。",
    parameters: "参数",
    body: "请求体",
    data: "返回数据",
    example: "示例",
    refusals: "拒绝",
    name: "名称",
    kind: "类型",
    is_required: "必填",
    meaning: "说明",
    yes: "是",
    nothing: "`null`",
};
