/** What the trace of a message says. */

import { count } from "../../../look/figures";
import { inLanguage } from "../../../look/language";

const en = {
  hint: "Enter the packetId that the sender's SDK returned, or the sequence of the message.",
  id: "packetId or sequence",
  from: "Sender",
  fromHint: "If several sent this packetId",
  look: "Trace",
  empty: "What became of a message?",
  emptyHint:
    "Its way is shown step by step: accepted, stored, which devices it was written to, which acknowledged it, who was offline, and what the callbacks answered.",
  guide: "How messages are delivered",
  verdict: "In one sentence",
  message: "Message",
  steps: "Its way",
  to: "To",
  packetId: "packetId",
  sequence: "Sequence",
  accepted: "Accepted",
  size: "Size",
  isStored: "Kept in history",
  yes: "yes",
  no: "no",
  payload: "Payload",
  payloadForViewer: "Payloads are only shown to admins.",
  members: (many: number) => (many === 1 ? "1 member" : `${count(many)} members`),
  isPartial:
    "What happened step by step is only remembered for a while and not over a restart. The rest is what the log itself proves.",
  unknownTime: "time not known",
  stepsOmitted: (many: number) =>
    many === 1 ? "1 more step is not shown." : `${count(many)} more steps are not shown.`,
  others: "Other messages with this packetId",
  othersHint: "A packetId is unique for a device only. The newest message is shown above.",
  goneAccount: "an account that is gone",
};

const zh: typeof en = {
  hint: "输入发送方 SDK 返回的 packetId，或消息的序列号。",
  id: "packetId 或序列号",
  from: "发送者",
  fromHint: "仅在 packetId 不唯一时",
  look: "追踪",
  empty: "一条消息去了哪里？",
  emptyHint:
    "逐步显示其经过：已接受、已存储、写入了哪些设备、哪些设备已确认、谁不在线，以及回调的应答。",
  guide: "消息如何送达",
  verdict: "一句话结论",
  message: "消息",
  steps: "经过",
  to: "接收者",
  packetId: "packetId",
  sequence: "序列号",
  accepted: "接受时间",
  size: "大小",
  isStored: "保存在历史中",
  yes: "是",
  no: "否",
  payload: "内容",
  payloadForViewer: "消息内容仅管理员可见。",
  members: (many) => `${count(many)} 名成员`,
  isPartial: "逐步的经过只保留一段时间，重启后不再保留。其余为日志本身可以证明的内容。",
  unknownTime: "时间未知",
  stepsOmitted: (many) => `另有 ${count(many)} 步未显示。`,
  others: "使用同一 packetId 的其他消息",
  othersHint: "packetId 仅在同一设备内唯一。上面显示的是最新的一条。",
  goneAccount: "已不存在的账号",
};

export const words = inLanguage({ en, zh });
