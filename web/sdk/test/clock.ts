import { vi } from "vitest";

/** From now on timers fire when the test says so; sockets go on as usual. */
export function stopClock(): void {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
  });
}
