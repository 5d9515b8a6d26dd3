/** Configuration keys, and finding them. */

export interface Setting {
  key: string;
  /** `null` for a secret. */
  value: unknown;
  source: { kind: "default" | "file" | "environment" | "flag"; name?: string };
  description: string;
  descriptionZh: string;
  isSecret: boolean;
}

/** A value on one line, as one would write it; "" for what is empty. */
export function written(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map(written).join(", ");
  }
  if (typeof value === "object" && value !== null) {
    return JSON.stringify(value);
  }
  return value === null || value === undefined ? "" : String(value);
}

/** Those that hold every word of the text. */
export function find(settings: readonly Setting[], text: string, onlySet: boolean): Setting[] {
  const sought = text.trim().toLowerCase().split(/\s+/);
  return settings.filter((setting) => {
    const { key, value, source, description, descriptionZh } = setting;
    const all = [key, written(value), source.name, description, descriptionZh].join(" ");
    const isFound = sought.every((word) => all.toLowerCase().includes(word));
    return isFound && !(onlySet && source.kind === "default");
  });
}
