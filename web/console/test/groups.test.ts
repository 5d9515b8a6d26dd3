import { MimcError } from "@openmimc/sdk";
import { expect, test } from "vitest";
import { Groups, names } from "../src/model/groups";
import { fakeAccount } from "./fake_account";

const ID = "21351198708203520";
const REFUSED = new MimcError("refused", "query topic fail", 500);
const AWAY = new MimcError("unreachable", "no network");

function roster(topicName: string, owner: string, ...others: string[]) {
  return {
    topicInfo: { topicId: ID, topicName, ownerAccount: owner },
    members: [owner, ...others].map((account) => ({ account, uuid: "1" })),
  };
}

function made() {
  const { fake, account, known } = fakeAccount();
  return { fake, known, groups: new Groups(account), picnic: account.conversation(ID, true) };
}

test("names stand between commas of either kind, and blanks around them are nothing", () => {
  expect(names("bob, carol")).toEqual(["bob", "carol"]);
  expect(names(" bob ，小红、carol\ndave,,")).toEqual(["bob", "小红", "carol", "dave"]);
  expect(names(" , ，")).toEqual([]);
});

test("all groups of the account are in the list, also those where nobody has written", async () => {
  const { fake, known, groups } = made();
  fake.client.topics.list.mockResolvedValue([{ topicId: ID, topicName: "Picnic" }]);
  await groups.load();
  expect(known.get(ID)?.title.value).toBe("Picnic");
});

test("who makes a group tells those who are in it", async () => {
  const { fake, groups } = made();
  fake.client.topics.create.mockResolvedValue(roster("Picnic", "alice", "bob"));
  const picnic = await groups.create("Picnic", ["bob"]);
  expect(fake.client.topics.create).toHaveBeenCalledWith("Picnic", ["bob"]);
  expect(picnic.members.value).toEqual([
    { account: "alice", isOwner: true },
    { account: "bob", isOwner: false },
  ]);
  const content = { kind: "membersAdded", accounts: ["bob"] };
  expect(fake.send).toHaveBeenCalledWith(picnic, content);
});

test("who makes a group alone tells nobody", async () => {
  const { fake, groups } = made();
  fake.client.topics.create.mockResolvedValue(roster("Diary", "alice"));
  await groups.create("Diary", []);
  expect(fake.send).not.toHaveBeenCalled();
});

test("an invitation names those who are new", async () => {
  const { fake, groups, picnic } = made();
  picnic.members.value = [{ account: "bob", isOwner: false }];
  fake.client.topics.invite.mockResolvedValue(roster("Picnic", "alice", "bob", "carol"));
  await groups.invite(picnic, ["bob", "carol"]);
  const content = { kind: "membersAdded", accounts: ["carol"] };
  expect(fake.send).toHaveBeenCalledWith(picnic, content);
  expect(picnic.members.value).toHaveLength(3);
});

test("an invitation that is refused is told to whoever wrote it, and to nobody else", async () => {
  const { fake, groups, picnic } = made();
  fake.client.topics.invite.mockRejectedValue(new MimcError("refused", "join topic fail", 500));
  await expect(groups.invite(picnic, ["bob"])).rejects.toThrow("join topic fail");
  expect(fake.send).not.toHaveBeenCalled();
});

test("a member says that he leaves, and then leaves", async () => {
  const { fake, groups, picnic } = made();
  fake.client.topics.get.mockResolvedValue(roster("Picnic", "bob", "alice"));
  await groups.leave(picnic, false);
  expect(fake.send).toHaveBeenCalledWith(picnic, { kind: "memberLeft" });
  expect(fake.client.topics.leave).toHaveBeenCalledWith(ID);
  expect(fake.client.topics.dismiss).not.toHaveBeenCalled();
  const [said, left] = [fake.send, fake.client.topics.leave].map(
    (call) => call.mock.invocationCallOrder[0] ?? 0,
  );
  expect(said).toBeLessThan(left ?? 0);
  expect(fake.forget).toHaveBeenCalledWith(picnic);
});

test("for its owner leaving is the end of the group", async () => {
  const { fake, groups, picnic } = made();
  fake.client.topics.get.mockResolvedValue(roster("Picnic", "alice", "bob"));
  await groups.leave(picnic, true);
  expect(fake.send).toHaveBeenCalledWith(picnic, { kind: "groupDismissed" });
  expect(fake.client.topics.dismiss).toHaveBeenCalledWith(ID);
});

test("without a connection nobody leaves, and nothing is said", async () => {
  const { fake, groups, picnic } = made();
  fake.client.topics.get.mockRejectedValue(AWAY);
  await expect(groups.leave(picnic, false)).rejects.toBe(AWAY);
  expect(fake.send).not.toHaveBeenCalled();
  expect(fake.forget).not.toHaveBeenCalled();
});

test("a group that refuses to say who is in it is over; one that cannot be asked is not", async () => {
  const { fake, groups, picnic } = made();
  fake.client.topics.get.mockRejectedValueOnce(AWAY);
  await expect(groups.refresh(picnic)).rejects.toBe(AWAY);
  expect(picnic.isOver.value).toBe(false);
  fake.client.topics.get.mockRejectedValueOnce(REFUSED);
  await groups.refresh(picnic);
  expect(picnic.isOver.value).toBe(true);
  fake.client.topics.get.mockResolvedValueOnce(roster("Picnic", "bob", "alice"));
  await groups.refresh(picnic);
  expect(picnic.isOver.value).toBe(false);
});

test("of a member who says that he leaves, the list is shorter at once", async () => {
  const { fake, groups, picnic } = made();
  fake.client.topics.get.mockResolvedValue(roster("Picnic", "alice", "bob", "carol"));
  await groups.heard(picnic, "bob", { kind: "memberLeft" });
  expect(picnic.members.value.map(({ account }) => account)).toEqual(["alice", "carol"]);
});

test("what I left on another device is gone here", async () => {
  const { fake, groups, picnic } = made();
  await groups.heard(picnic, "alice", { kind: "memberLeft" });
  expect(fake.forget).toHaveBeenCalledWith(picnic);
  expect(fake.client.topics.get).not.toHaveBeenCalled();
});

test("a group is over when its owner says so, not when another does", async () => {
  const { fake, groups, picnic } = made();
  fake.client.topics.get.mockResolvedValue(roster("Picnic", "bob", "alice", "mallory"));
  await groups.heard(picnic, "mallory", { kind: "groupDismissed" });
  expect(picnic.isOver.value).toBe(false);
  await groups.heard(picnic, "bob", { kind: "groupDismissed" });
  expect(picnic.isOver.value).toBe(true);
});
