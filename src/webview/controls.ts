import { make, setAria } from './dom.ts';
import { icon, type IconName } from './icons.ts';

/** A button with a text, and perhaps a picture before it. */
export function textButton(
  text: string,
  onClick: () => void,
  options: { readonly icon?: IconName; readonly primary?: boolean } = {},
): HTMLElementTagNameMap['vscode-button'] {
  const button = make('vscode-button', {}, text);
  button.setAttribute('appearance', options.primary ? 'primary' : 'secondary');
  if (options.icon) {
    const picture = icon(options.icon);
    picture.setAttribute('slot', 'start');
    button.append(picture);
  }
  button.addEventListener('click', onClick);
  return button;
}

/** A button that is a picture; its label is also its tooltip. */
export function iconButton(
  name: IconName,
  label: string,
  onClick: (event: MouseEvent) => void,
): HTMLElementTagNameMap['vscode-button'] {
  const button = make('vscode-button', { title: label }, icon(name));
  button.setAttribute('appearance', 'icon');
  setAria(button, 'label', label);
  button.addEventListener('click', onClick);
  return button;
}

/** A link that does something in the editor. A real button, in the look of VS Code's links. */
export function linkButton(text: string, onClick: () => void): HTMLButtonElement {
  const button = make('button', { class: 'link' }, text);
  button.type = 'button';
  button.addEventListener('click', onClick);
  return button;
}

/** A field for one line of text. `onInput` hears every change. */
export function textField(
  label: string,
  placeholder: string,
  onInput: (value: string) => void,
): HTMLElementTagNameMap['vscode-text-field'] {
  // The toolkit labels a field by its text, whatever label it has; the style sheet hides that text from sight.
  const field = make('vscode-text-field', {}, label);
  field.placeholder = placeholder;
  field.addEventListener('input', () => onInput(field.value));
  return field;
}

export interface Choice<V extends string> {
  readonly value: V;
  readonly text: string;
}

export interface Dropdown<V extends string> {
  readonly element: HTMLElement;
  show(value: V): void;
}

/** A choice of one of several. */
export function dropdown<V extends string>(
  label: string,
  choices: readonly Choice<V>[],
  onChoose: (value: V) => void,
): Dropdown<V> {
  const element = make('vscode-dropdown', { aria: { label }, title: label });
  for (const { value, text } of choices) {
    const option = make('vscode-option', {}, text);
    option.value = value;
    element.append(option);
  }
  let shown: string = choices[0]!.value;
  element.addEventListener('change', () => {
    const chosen = choices.find(({ value }) => value === element.value);
    if (!chosen || chosen.value === shown) return;
    shown = chosen.value;
    onChoose(chosen.value);
  });
  return {
    element,
    show: (value) => {
      if (value === shown) return;
      shown = value;
      element.value = value;
    },
  };
}

/** A box that is ticked or not. */
export function checkbox(
  label: string,
  onChange: (checked: boolean) => void,
): { readonly element: HTMLElement; show(checked: boolean): void } {
  const element = make('vscode-checkbox', {}, label);
  let shown = false;
  element.addEventListener('change', () => {
    if (element.checked === shown) return;
    shown = element.checked;
    onChange(shown);
  });
  return {
    element,
    show: (checked) => {
      shown = checked;
      element.checked = checked;
    },
  };
}
