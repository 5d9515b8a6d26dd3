/** Asks who the token is for and what it may do. */

import { useSignal } from "@preact/signals";
import { Dialog } from "../../../part/dialog";
import { Field } from "../../../part/field";
import { admin } from "../../admin";
import { useFaults } from "../../part/faults";
import type { MadeToken, Token } from "./token";
import { words } from "./words";

const ROLES = ["viewer", "admin"] as const;

interface Props {
  made: (token: MadeToken) => void;
  close: () => void;
}

export function NewToken({ made, close }: Props) {
  const name = useSignal("");
  const role = useSignal<Token["role"]>("viewer");
  const faults = useFaults(["name"]);
  const say = words.value;
  const submit = async () => {
    faults.clear();
    made(await admin.post<MadeToken>("/tokens", { name: name.value.trim(), role: role.value }));
  };
  return (
    <Dialog
      title={say.newToken}
      action={say.create}
      submit={submit}
      showsItself={(error) => faults.take(error)}
      close={close}
    >
      <Field label={say.name} hint={say.nameHint} text={name} error={faults.of("name")} />
      <fieldset class="choices">
        <legend>{say.role}</legend>
        {ROLES.map((one) => (
          <label key={one} class="check">
            <input
              type="radio"
              name="role"
              checked={role.value === one}
              onChange={() => (role.value = one)}
            />
            <span>
              {say.roles[one]}
              <span class="hint">{say.roleHints[one]}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
