import type { Database } from '$lib/db/sqlite/database';
import { readPragma } from './read-pragma';

/**
 * What VACUUM would give back: the free pages, and of every tree those pages that go when its rows are
 * packed anew. Not simply the unused bytes: where a row does not fit into the rest of a page, VACUUM
 * leaves that rest as well. Of two vectors of 3 kB, a page of 8 kB always keeps a quarter unused.
 */
export const readFreeableBytes = (database: Database): number => {
	const packer = createPacker(readPragma(database, 'page_size'));
	database.each<StatPage>(selectPages, [], (page) => {
		packer.add(page);
	});
	const freePages = readPragma(database, 'freelist_count') + packer.pagesSaved();
	return freePages * readPragma(database, 'page_size');
};

/** A page whose rows lie in it: no overflow page, which VACUUM copies as it is. */
interface StatPage {
	readonly tree: string;
	readonly isLeaf: number;
	readonly rows: number;
	readonly unused: number;
}

// In the order of the file's trees, and in each by key: as VACUUM copies the rows.
const selectPages = `
	SELECT name AS tree, pagetype = 'leaf' AS isLeaf, ncell AS rows, unused FROM dbstat
	WHERE pagetype <> 'overflow'`;

interface Packed {
	readonly leaves: number;
	readonly inner: number;
	readonly packedLeaves: number;
	/** Bytes left on the last packed leaf. */
	readonly room: number;
}

const leafHeaderBytes = 8;

/** Packs rows as VACUUM does, one after the other, each as large as the rows of its page are on average. */
const createPacker = (pageSize: number) => {
	const capacity = pageSize - leafHeaderBytes;
	const trees = new Map<string, Packed>();
	return {
		add({ tree, isLeaf, rows, unused }: StatPage): void {
			const before = trees.get(tree) ?? { leaves: 0, inner: 0, packedLeaves: 0, room: 0 };
			const after =
				isLeaf === 1
					? { ...before, leaves: before.leaves + 1, ...pack(before, capacity, rows, unused) }
					: { ...before, inner: before.inner + 1 };
			trees.set(tree, after);
		},
		pagesSaved: () => [...trees.values()].reduce((sum, tree) => sum + savedOf(tree), 0)
	};
};

const pack = (
	{ packedLeaves, room }: Packed,
	capacity: number,
	rows: number,
	unused: number
): Pick<Packed, 'packedLeaves' | 'room'> => {
	if (rows === 0) return { packedLeaves, room };
	const rowBytes = (capacity - unused) / rows;
	const left = rows - Math.min(rows, Math.floor(room / rowBytes));
	if (left === 0) return { packedLeaves, room: room - rows * rowBytes };
	const perPage = Math.floor(capacity / rowBytes);
	const pages = Math.ceil(left / perPage);
	const onLast = left - (pages - 1) * perPage;
	return { packedLeaves: packedLeaves + pages, room: capacity - onLast * rowBytes };
};

/** The pages above the leaves shrink with them. */
const savedOf = ({ leaves, inner, packedLeaves }: Packed): number => {
	const saved = leaves - Math.max(1, packedLeaves);
	return saved <= 0 ? 0 : saved + Math.floor((inner * saved) / leaves);
};
