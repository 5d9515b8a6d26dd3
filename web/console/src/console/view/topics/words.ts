/** What the views of groups say. */

import { inLanguage } from "../../../look/language";

const en = {
  hint: "Groups are made by the app's backend or by its clients, over REST. A message to one is stored once.",
  none: "No groups yet",
  noneHint: "A group is made with POST /api/topic, by the backend or by a client with its token.",
  noneGuide: "How to make one",
  topic: "Group",
  topicId: "topicId",
  unnamed: "without a name",
  owner: "Owner",
  created: "Created",
  identity: "Identity",
  bulletin: "Bulletin",
  extra: "Extra",
  empty: "empty",
  groupHint: "Its members, in the order in which they joined.",
  members: "Members",
  member: "Member",
  joined: "Joined after sequence",
  joinedHint: "A member gets what was said after the sequence at which it joined.",
  isOwner: "owner",
  danger: "Careful",
  dismiss: "Dismiss group",
  dismissHint:
    "The group ends for all its members. They keep nothing of it but what their devices have.",
  dismissQuestion: (name: string) => `Dismiss ${name}?`,
  dismissed: (name: string) => `${name} is dismissed`,
};

const zh: typeof en = {
  hint: "群由应用的后端或客户端通过 REST 创建。发往群的消息只存储一次。",
  none: "还没有群",
  noneHint: "后端或持有 Token 的客户端用 POST /api/topic 创建群。",
  noneGuide: "如何创建",
  topic: "群",
  topicId: "topicId",
  unnamed: "未命名",
  owner: "群主",
  created: "创建时间",
  identity: "标识",
  bulletin: "公告",
  extra: "附加信息",
  empty: "空",
  groupHint: "按加入顺序列出成员。",
  members: "成员",
  member: "成员",
  joined: "自此序列号之后加入",
  joinedHint: "成员收到其加入时的序列号之后的消息。",
  isOwner: "群主",
  danger: "谨慎操作",
  dismiss: "解散群",
  dismissHint: "群对所有成员结束。除各设备上已有的内容外，不再保留。",
  dismissQuestion: (name) => `解散 ${name}？`,
  dismissed: (name) => `${name} 已解散`,
};

export const words = inLanguage({ en, zh });
