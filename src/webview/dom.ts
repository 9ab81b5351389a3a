import { boundedText, visibleText } from './visibleText.ts';

export interface Attributes {
  readonly class?: string;
  readonly id?: string;
  /** Shown as a tooltip; escaped and bounded. */
  readonly title?: string;
  readonly hidden?: boolean;
  readonly role?: string;
  readonly tabIndex?: number;
  /** `aria-` attributes by the rest of their names. */
  readonly aria?: Readonly<Record<string, string | number | boolean>>;
}

/** An element with its attributes and children. Text becomes text nodes: nothing is ever read as HTML. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (attributes.class !== undefined) element.className = attributes.class;
  if (attributes.id !== undefined) element.id = attributes.id;
  if (attributes.title !== undefined) element.title = boundedText(attributes.title);
  if (attributes.hidden !== undefined) element.hidden = attributes.hidden;
  if (attributes.role !== undefined) element.setAttribute('role', attributes.role);
  if (attributes.tabIndex !== undefined) element.tabIndex = attributes.tabIndex;
  for (const [name, value] of Object.entries(attributes.aria ?? {})) setAria(element, name, value);
  element.append(...children);
  return element;
}

/** Sets an `aria-` attribute, or takes it away where there is no value. Writes only what has changed. */
export function setAria(element: Element, name: string, value: string | number | boolean | undefined): void {
  const attribute = `aria-${name}`;
  if (value === undefined) element.removeAttribute(attribute);
  else if (element.getAttribute(attribute) !== String(value)) element.setAttribute(attribute, String(value));
}

/** Sets an element's text, unless it has it already: a text that is set anew is laid out anew and may be read aloud again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Text from an image: escaped, and kept from turning the direction of what stands around it. */
export function isolate(text: string): HTMLElement {
  return make('bdi', {}, visibleText(text));
}

/** Sets a tooltip; escaped and bounded. */
export function setTitle(element: HTMLElement, text: string): void {
  const title = boundedText(text);
  if (element.title !== title) element.title = title;
}

/** Sets a custom property. Scripts may do so under a policy that forbids style attributes. */
export function setVariable(element: HTMLElement | SVGElement, name: `--${string}`, value: string): void {
  if (element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value);
}

let lastId = 0;

/** An id that no other element has. */
export function uniqueId(prefix: string): string {
  return `${prefix}-${++lastId}`;
}

/** Milliseconds after which something is done though nothing was painted: a window that is covered is not painted. */
const longestFrame = 300;

/** Runs once what the document holds now is on the screen. */
export function afterPaint(run: () => void): void {
  const once = (): void => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    run();
  };
  const timer = setTimeout(once, longestFrame);
  // A frame's callbacks run before it is painted; what they set a timer for runs after.
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    setTimeout(run);
  });
}
