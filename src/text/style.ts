// Paint: the function that colours text; renderers take it as a parameter.

/** The styles in use; names are those of `util.styleText`. */
export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

/** Applies a style to a text, or returns it unchanged without colours. */
export type Paint = (style: Style, text: string) => string;
