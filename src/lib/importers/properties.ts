import { createdKeys, ownMark, ownPathKey, tagKeys, updatedKeys } from '$lib/domain/note-file';
import { maxTagLength, maxTags } from '$lib/domain/note-text';
import { isMap, isScalar, isSeq, parseDocument, type Pair, type Scalar } from 'yaml';
import { parsePropertyDate } from './property-date';

/** What the app knows of a note's properties, and the lines of the block that it does not. */
export interface Properties {
	readonly title: string | null;
	readonly tags: readonly string[];
	readonly createdAtMs: number | null;
	readonly updatedAtMs: number | null;
	readonly pinned: boolean;
	/** The file was written by an export of this app: what it says is exact. */
	readonly isOwn: boolean;
	readonly ownPath: string | null;
	/** The block without the lines that were understood; what is kept in the note's text. */
	readonly remaining: string;
}

export type ReadProperties =
	| { readonly kind: 'properties'; readonly properties: Properties }
	/** A ruler and text, no properties: nothing to tell. */
	| { readonly kind: 'text' }
	| { readonly kind: 'broken'; readonly reason: string };

const maxBlock = 64 * 1024;

/**
 * Reads the YAML between the rulers. No tag or alias is ever resolved: values are looked at as they
 * are written, so a hostile block can cost no more than its length.
 */
export const readProperties = (block: string): ReadProperties => {
	if (block.length > maxBlock) return { kind: 'broken', reason: 'they are longer than 64 kB' };
	const document = parseDocument(block, {
		schema: 'core',
		prettyErrors: true,
		logLevel: 'silent',
		merge: false
	});
	const fault = document.errors[0];
	if (fault && !/^[^\s:#-][^:\n]*:(?:\s|$)/m.test(block)) return { kind: 'text' };
	if (fault) return { kind: 'broken', reason: `line ${fault.linePos?.[0].line ?? 1} is not YAML` };
	const map = document.contents;
	if (map === null && block.trim() === '')
		return { kind: 'properties', properties: toValues([], '') };
	if (!isMap(map)) return { kind: 'text' };
	return {
		kind: 'properties',
		properties: toValues(map.flow ? [] : fieldsOf(map.items, block), block)
	};
};

interface Field {
	readonly key: string;
	readonly value: unknown;
	readonly start: number;
	readonly end: number;
	/** Nothing but this field lies between start and end: no comment would go with it. */
	readonly isAlone: boolean;
}

const fieldsOf = (pairs: readonly Pair[], block: string): Field[] =>
	pairs.map((pair, index) => {
		const start = rangeOf(pair.key)?.[0] ?? 0;
		const end = rangeOf(pairs[index + 1]?.key)?.[0] ?? block.length;
		const valueEnd = rangeOf(pair.value)?.[1] ?? end;
		const isAtLineStart = start === 0 || block[start - 1] === '\n';
		return {
			key: isScalar(pair.key) ? String(pair.key.value) : '',
			value: pair.value,
			start,
			end,
			isAlone: isAtLineStart && block.slice(valueEnd, end).trim() === ''
		};
	});

const rangeOf = (node: unknown): readonly number[] | null =>
	(node as { range?: readonly number[] | null } | null | undefined)?.range ?? null;

/** Takes the first field of these names that has a value of the kind; it is then understood. */
type Take = <T>(names: readonly string[], convert: (value: unknown) => T | null) => T | null;

const takerOf =
	(fields: readonly Field[], understood: Set<Field>): Take =>
	(names, convert) => {
		for (const name of names) {
			const field = fields.find((each) => each.key.toLowerCase() === name);
			const value = field ? convert(field.value) : null;
			if (!field || value === null) continue;
			if (field.isAlone) understood.add(field);
			return value;
		}
		return null;
	};

const toValues = (fields: readonly Field[], block: string): Properties => {
	const understood = new Set<Field>();
	const take = takerOf(fields, understood);
	const isOwn = take([ownMark], writtenText) !== null;
	return {
		isOwn,
		title: take(['title'], isOwn ? writtenText : plainTitle),
		tags: take(tagKeys, isOwn ? listOfText : looseTags) ?? [],
		createdAtMs: take(createdKeys, toDate),
		updatedAtMs: take(updatedKeys, toDate),
		pinned: take(['pinned'], onlyTrue) ?? false,
		ownPath: isOwn ? take([ownPathKey], writtenText) : null,
		remaining: without(block, understood)
	};
};

const without = (block: string, fields: ReadonlySet<Field>): string => {
	let kept = block;
	for (const field of [...fields].toSorted((a, b) => b.start - a.start)) {
		kept = kept.slice(0, field.start) + kept.slice(field.end);
	}
	return kept;
};

/** A scalar as the user wrote it, so that `2024` and `1.0` stay what they were. */
const writtenText = (value: unknown): string | null => {
	if (!isScalar(value) || value.value === null) return null;
	return typeof value.value === 'string' ? value.value : ((value as Scalar).source ?? null);
};

const plainTitle = (value: unknown): string | null => {
	const text = writtenText(value)?.trim().normalize('NFC') ?? '';
	return text === '' || text.length > 500 || /\p{Cc}/u.test(text) ? null : text;
};

const listOfText = (value: unknown): string[] | null => {
	if (!isSeq(value)) return null;
	const texts = value.items.map(writtenText);
	return texts.every((text) => text !== null) ? texts : null;
};

/** `[a, b]`, `a, b`, `a b`, each with or without `#`; nothing at all is an empty list. Null: no tags. */
const looseTags = (value: unknown): string[] | null => {
	if (isScalar(value) && value.value === null) return [];
	const texts = listOfText(value) ?? writtenText(value)?.split(/[\s,]+/) ?? null;
	const tags = texts?.map((text) => text.trim().replace(/^#+/, '')).filter((text) => text !== '');
	return tags && tags.length <= maxTags && tags.every(isTagLength) ? tags : null;
};

const isTagLength = (tag: string): boolean => tag.length <= maxTagLength;

const toDate = (value: unknown): number | null => {
	const text = writtenText(value);
	return text === null ? null : parsePropertyDate(text);
};

const onlyTrue = (value: unknown): boolean | null =>
	isScalar(value) && value.value === true ? true : null;
