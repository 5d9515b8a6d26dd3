import { expect, test } from "vitest";
import { Blacklist } from "../src/model/blacklist";
import { fakeAccount } from "./fake_account";

function made() {
  const { fake, account } = fakeAccount();
  const { blacklist: server } = fake.client;
  return { server, blacklist: new Blacklist(account), bob: account.conversation("bob", false) };
}

test("who is blocked is what the server says", async () => {
  const { server, blacklist, bob } = made();
  server.has.mockResolvedValue(true);
  await blacklist.refresh(bob);
  expect(bob.isBlocked.value).toBe(true);
});

test("somebody is blocked and unblocked once the server has done it", async () => {
  const { server, blacklist, bob } = made();
  server.block.mockRejectedValueOnce(new Error("no network"));
  await expect(blacklist.block(bob)).rejects.toThrow("no network");
  expect(bob.isBlocked.value).toBe(false);
  await blacklist.block(bob);
  expect(server.block).toHaveBeenLastCalledWith("bob");
  expect(bob.isBlocked.value).toBe(true);
  await blacklist.unblock(bob);
  expect(server.unblock).toHaveBeenLastCalledWith("bob");
  expect(bob.isBlocked.value).toBe(false);
});
