/** A label, what it is for, a line to write, and what the server says about it. */

import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";

interface Props {
  label: string;
  hint?: string;
  text: Pick<Signal<string>, "value">;
  /** What is wrong with it; empty: nothing. */
  error?: string;
  type?: "text" | "password" | "url";
  inputMode?: "numeric";
  autocomplete?: string;
  placeholder?: string;
  /** What follows the number, as "bytes". */
  unit?: string;
  isOptional?: boolean;
  isDisabled?: boolean;
}

export function Field({
  label,
  hint,
  text,
  error,
  unit,
  type,
  isOptional,
  isDisabled,
  ...rest
}: Props) {
  const id = useId();
  const notes = [hint && `${id}-hint`, unit && `${id}-unit`, error && `${id}-error`];
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <span class="line">
        <input
          autocomplete="off"
          {...rest}
          // Preact knows each type of input by attributes of its own.
          type={type as "text"}
          id={id}
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
          aria-describedby={notes.filter(Boolean).join(" ") || undefined}
          aria-invalid={error ? "true" : undefined}
          autocapitalize="none"
          spellcheck={false}
          required={!isOptional}
          disabled={isDisabled}
        />
        {unit && (
          <span id={`${id}-unit`} class="unit">
            {unit}
          </span>
        )}
      </span>
      {error && (
        <span id={`${id}-error`} class="error" role="alert">
          {error}
        </span>
      )}
      {hint && (
        <span id={`${id}-hint`} class="hint">
          {hint}
        </span>
      )}
    </p>
  );
}
