/** What can be done to a thing, and what it would do. A row of a list with the class "deeds". */

interface Props {
  hint: string;
  action: string;
  run: () => void;
}

export function Deed({ hint, action, run }: Props) {
  return (
    <li>
      <span>{hint}</span>
      <button type="button" class="danger" onClick={run}>
        {action}
      </button>
    </li>
  );
}
