import { createVectorPrint, printOf } from '$lib/domain/vector-print';
import { expect, test } from 'vitest';

const bytesOf = (...numbers: number[]): Uint8Array =>
	new Uint8Array(Float32Array.from(numbers).buffer);

test('the same numbers have the same print, in one piece or several, wherever they lie in memory', () => {
	const whole = bytesOf(1, 2, 3, 4);
	const print = createVectorPrint();
	print.add(whole.subarray(0, 8));
	print.add(whole.subarray(8));
	expect(print.text()).toBe(printOf(whole));
	const shifted = new Uint8Array(17);
	shifted.set(whole, 1);
	expect(printOf(shifted.subarray(1))).toBe(printOf(whole));
});

test('another number, another order or a number more makes another print', () => {
	const prints = [[1, 2, 3], [1, 2, 3.0001], [2, 1, 3], [1, 2, 3, 0], []].map((numbers) =>
		printOf(bytesOf(...numbers))
	);
	expect(new Set(prints).size).toBe(prints.length);
});
