import { afterEach, describe, expect, it } from "vitest";
import { brief, bytes, count, duration, milliseconds, relative } from "../src/look/figures";
import { language } from "../src/look/language";

afterEach(() => {
  language.value = "en";
});

describe("figures", () => {
  it("are whole where there is room, and short where there is not", () => {
    expect(count(1_234_567)).toBe("1,234,567");
    expect([0, 0.25, 7.26, 12.4, 9_999, 12_345, 1_250_000].map(brief)).toEqual([
      "0",
      "0.3",
      "7.3",
      "12",
      "9,999",
      "12.3K",
      "1.3M",
    ]);
  });

  it("of sizes go up to what can be read", () => {
    expect([0, 1_023, 1_024, 1_536, 1_048_575, 350 * 1_048_576, 2 ** 60].map(bytes)).toEqual([
      "0 B",
      "1,023 B",
      "1 KiB",
      "1.5 KiB",
      "1 MiB",
      "350 MiB",
      "1,024 PiB",
    ]);
  });

  it("of latencies keep what tells them apart", () => {
    expect([0.042, 0.4, 1.26, 18.44, 250, 2_300].map(milliseconds)).toEqual([
      "0.04 ms",
      "0.4 ms",
      "1.3 ms",
      "18.4 ms",
      "250 ms",
      "2.3 s",
    ]);
  });
});

describe("times", () => {
  const now = 1_800_000_000_000;

  it("that last say their two largest units", () => {
    expect([0, 5_000, 320_000, 7_200_000, 273_600_000].map(duration)).toEqual([
      "0 s",
      "5 s",
      "5 min 20 s",
      "2 h",
      "3 d 4 h",
    ]);
    language.value = "zh";
    expect(duration(320_000)).toBe("5 分钟 20 秒");
  });

  it("near now are now, others are so long ago", () => {
    expect(relative(now - 5_000, now)).toBe("now");
    expect(relative(now + 5_000, now)).toBe("now");
    expect(relative(now - 45_000, now)).toBe("45 seconds ago");
    expect(relative(now - 119_000, now)).toBe("1 minute ago");
    expect(relative(now - 86_400_000, now)).toBe("yesterday");
    expect(relative(now + 7_300_000, now)).toBe("in 2 hours");
    language.value = "zh";
    expect(relative(now - 7_300_000, now)).toBe("2小时前");
  });
});
