import type { Span } from '../text.ts';

/** An image that a file beside a Dockerfile runs or has built: a service of Compose, or a development container. */
export type ServiceImage =
  | { readonly kind: 'image'; readonly reference: string; readonly span: Span }
  | {
      readonly kind: 'build';
      /** The build context, relative to the file. */
      readonly context: string;
      /** Relative to the context. */
      readonly dockerfile: string;
      /** The stage that is built, where it is not the last. */
      readonly target?: string;
      /** The line that says so. */
      readonly span: Span;
    };
