import { expect, test } from "vitest";
import { compare, latest } from "../src/model/sequence";

test("numbers that a JavaScript number cannot tell apart are told apart", () => {
  const [a, b] = ["9007199254740992001", "9007199254740992002"];
  expect(Number(a)).toBe(Number(b));
  expect(compare(a, b)).toBeLessThan(0);
  expect(compare(b, a)).toBeGreaterThan(0);
  expect(compare(a, a)).toBe(0);
});

test("fewer digits are less, whatever they are", () => {
  expect(compare("99", "100")).toBeLessThan(0);
  expect(["100", "9", "20", "3"].sort(compare)).toEqual(["3", "9", "20", "100"]);
});

test("what has no sequence yet is before all", () => {
  expect(compare("", "1")).toBeLessThan(0);
  expect(latest("", "1")).toBe("1");
});

test("the later of two is the same either way", () => {
  expect(latest("170000000012300001", "99999999999999999")).toBe("170000000012300001");
  expect(latest("99999999999999999", "170000000012300001")).toBe("170000000012300001");
  expect(latest("5", "5")).toBe("5");
});
