import { describe, expect, it } from "vitest";
import { AdminError } from "../src/console/admin";
import { search } from "../src/console/palette_search";
import { Faults } from "../src/console/part/faults";
import { windowOf } from "../src/console/part/table_window";

describe("the window of a long table", () => {
  it("draws what is seen and a few rows around it, whatever the length", () => {
    expect(windowOf(100_000, 44, 0, 440)).toEqual({ first: 0, end: 18 });
    expect(windowOf(100_000, 44, 44_000, 440)).toEqual({ first: 992, end: 1_018 });
    expect(windowOf(100_000, 44, 4_399_560, 440)).toEqual({ first: 99_982, end: 100_000 });
  });

  it("stays in its bounds when rows have gone", () => {
    expect(windowOf(0, 44, 0, 440)).toEqual({ first: 0, end: 0 });
    expect(windowOf(5, 44, 44_000, 440)).toEqual({ first: 5, end: 5 });
  });
});

describe("the palette", () => {
  const choices = [
    { title: "Accounts", about: "Corner shop", address: "#1" },
    { title: "Corner shop", about: "com.corner.shop · 288", address: "#2" },
    { title: "山水旅行", about: "cn.shanshui.travel · 289", address: "#3" },
  ];
  const titles = (text: string) => search(choices, text).map(({ title }) => title);

  it("finds by every word, in names, packages and ids", () => {
    expect(titles("")).toHaveLength(3);
    expect(titles("CORNER")).toEqual(["Corner shop", "Accounts"]);
    expect(titles("shop acc")).toEqual(["Accounts"]);
    expect(titles("289")).toEqual(["山水旅行"]);
    expect(titles("山水")).toEqual(["山水旅行"]);
    expect(titles("nothing")).toEqual([]);
  });

  it("shows no more than can be read", () => {
    const many = Array.from({ length: 500 }, (_, at) => ({
      title: `app ${at}`,
      about: "",
      address: `#${at}`,
    }));
    expect(search(many, "app")).toHaveLength(50);
  });
});

describe("what the server says about a field", () => {
  it("is shown beside it, without its name, until the next try", () => {
    const faults = new Faults(["name", "package"]);
    expect(faults.take(new AdminError(400, "invalid", "name: must not be empty", "name"))).toBe(
      true,
    );
    expect(faults.of("name")).toBe("must not be empty");
    expect(faults.of("package")).toBeUndefined();
    faults.clear();
    expect(faults.of("name")).toBeUndefined();
  });

  it("is not swallowed when the form has no such field", () => {
    const faults = new Faults(["name"]);
    expect(faults.take(new AdminError(400, "invalid", "x: no", "x"))).toBe(false);
    expect(faults.take(new AdminError(500, "internal", "internal error"))).toBe(false);
    expect(faults.take(new TypeError("no"))).toBe(false);
  });
});
