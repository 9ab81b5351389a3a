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
      /** What the service is called; absent in a development container. */
      readonly name?: string;
      /** What the image is to be called, where the file says so. */
      readonly image?: string;
      /** The line that says so. */
      readonly span: Span;
    };
