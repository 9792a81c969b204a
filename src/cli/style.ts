import { styleText } from 'node:util';

type Paint = (text: string) => string;

/** Colours for a stream: none unless it is a terminal and NO_COLOR is unset. */
export function paint(stream: {
  readonly isTTY?: boolean;
}): Readonly<Record<'red' | 'dim' | 'bold' | 'green', Paint>> {
  const isOn = stream.isTTY === true && (process.env['NO_COLOR'] ?? '') === '';
  const colour =
    (name: 'red' | 'dim' | 'bold' | 'green'): Paint =>
    (text) =>
      isOn ? styleText(name, text, { validateStream: false }) : text; // else it asks stdout, whatever the stream
  return { red: colour('red'), dim: colour('dim'), bold: colour('bold'), green: colour('green') };
}
