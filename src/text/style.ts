// Paint: how text is coloured, as a parameter of everything that renders text.

/** The styles in use; names are those of `util.styleText`. */
export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

/** Gives a text a style, or returns it as it is where colours are not wanted. */
export type Paint = (style: Style, text: string) => string;
