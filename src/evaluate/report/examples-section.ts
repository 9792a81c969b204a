import type { Example } from '../worst-examples.js';
import { escape } from './escape.js';
import { figure, note } from './format.js';
import type { Present } from './present.js';

const N_OPEN = 5;

/** Show the items where a student and the teacher differ most, both lists; all but a few folded away. */
export function examplesSection({ name, of }: Present): string {
  const blocks = of.examples.map(block);
  const folded = blocks.slice(N_OPEN);
  return [
    `<h3>Where ${escape(name)} and the teacher differ most</h3>`,
    note(
      'Items of lowest nDCG@10; of equal ones those of which the student was surest. With the score or strength; <span class="hit">named by both</span>.',
    ),
    ...blocks.slice(0, N_OPEN),
    ...(folded.length === 0
      ? []
      : [`<details><summary>${folded.length} more</summary>`, ...folded, '</details>']),
  ].join('\n');
}

function block({ id, text, student, teacher, 'nDCG@10': value }: Example): string {
  const [byStudent, byTeacher] = [student, teacher].map((list) => new Set(list.map(({ tag }) => tag)));
  const own = student.map(({ tag, score }) => tagOf(tag, score, byTeacher!));
  const theirs = teacher.map(({ tag, strength }) => tagOf(tag, strength, byStudent!));
  return `<article class="example"><p><b>${escape(id)}</b> <span class="note">nDCG@10 ${figure(value)}</span><br>${escape(text)}</p>
<div><h4>student</h4><p>${own.join(', ')}</p></div><div><h4>teacher</h4><p>${theirs.join(', ')}</p></div></article>`;
}

function tagOf(tag: string, value: number | null, others: ReadonlySet<string>): string {
  const shown = value === null ? escape(tag) : `${escape(tag)}&nbsp;<small>${value.toFixed(2)}</small>`;
  return others.has(tag) ? `<span class="hit">${shown}</span>` : shown;
}
