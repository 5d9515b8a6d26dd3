/**
 * An image, a sound or a file by its URL. What lies elsewhere is loaded when the reader agrees: a
 * request would tell that host who reads, and when.
 */

import { useSignal } from "@preact/signals";
import { type Attachment, safeUrl } from "../model/format";
import { words } from "./words";

interface Props {
  content: { type: Attachment; url: string; name: string };
}

export function Attached({ content }: Props) {
  const isAgreed = useSignal(false);
  const say = words.value;
  const url = safeUrl(content.url);
  const title = { PIC_FILE: say.image, AUDIO_FILE: say.audio, BIN_FILE: say.file }[content.type];
  if (url === undefined) {
    return (
      <p>
        {title}: <span class="address">{content.url}</span> ({say.unsafe})
      </p>
    );
  }
  const name = content.name || url.pathname.split("/").pop() || url.host;
  if (content.type === "BIN_FILE") {
    return (
      <p>
        {title}:{" "}
        <a href={url.href} target="_blank" rel="noreferrer">
          {name}
        </a>
      </p>
    );
  }
  if (url.origin !== location.origin && !isAgreed.value) {
    return (
      <p>
        {title}: {name}{" "}
        <button type="button" onClick={() => (isAgreed.value = true)}>
          {say.load(url.host)}
        </button>
      </p>
    );
  }
  return content.type === "PIC_FILE" ? (
    <img src={url.href} alt={name} referrerpolicy="no-referrer" />
  ) : (
    // biome-ignore lint/a11y/useMediaCaption: there is nothing to make captions from
    <audio src={url.href} aria-label={name} controls preload="none" />
  );
}
