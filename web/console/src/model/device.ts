/** The name of this browser's device ("resource"): the same at every visit, so that what it missed is sent to it. */

export function deviceName(place: string): string {
  const key = `mimc.chat.device.${place}`;
  const known = localStorage.getItem(key);
  if (known !== null) {
    return known;
  }
  const made = `chat${place}-${Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("")}`;
  localStorage.setItem(key, made);
  return made;
}
