import { PbfReader } from 'pbf';
import { elementType } from './onnx';

/** Token rows of a static model, read from its ONNX file without any runtime. */
export interface StaticTable {
	readonly dimensions: number;
	/** Mean of the rows of these tokens, at length 1: what the network computes. */
	vectorOf(ids: readonly number[]): Float32Array;
}

interface Constant {
	name: string;
	type: number;
	shape: number[];
	bytes: Uint8Array;
}

/** Ids up to this one (padding, unknown) count for nothing. */
const lastSpecialId = 1;

export const readStaticTable = (onnx: Uint8Array): StaticTable => {
	const constants = readConstants(onnx);
	const table = find(constants, 'table', elementType.int8);
	const scales = find(constants, 'scales', elementType.float32);
	const [, dimensions = 0] = table.shape;
	const rows = new Int8Array(copy(table.bytes));
	const factors = new Float32Array(copy(scales.bytes));
	return {
		dimensions,
		vectorOf(ids) {
			const sum = new Float64Array(dimensions);
			for (const id of ids.filter((each) => each > lastSpecialId)) {
				const factor = factors[id] ?? 0;
				for (let i = 0; i < dimensions; i += 1) {
					sum[i] = (sum[i] ?? 0) + (rows[id * dimensions + i] ?? 0) * factor;
				}
			}
			return Float32Array.from(sum, (value) => value / Math.hypot(...sum));
		}
	};
};

// A Buffer's own slice would share the memory of the whole file.
const copy = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

const find = (constants: readonly Constant[], name: string, type: number): Constant => {
	const found = constants.find((each) => each.name === name && each.type === type);
	if (!found) throw new Error(`the model has no constant ${name} of the expected type`);
	return found;
};

// Field numbers are those of onnx.proto: graph 7, its constants 5.
const readConstants = (onnx: Uint8Array): readonly Constant[] => {
	const constants: Constant[] = [];
	new PbfReader(onnx).readFields((field, _, model) => {
		if (field !== 7) return;
		model.readMessage((part, __, graph) => {
			if (part === 5) constants.push(graph.readMessage(readConstant, emptyConstant()));
		}, null);
	}, null);
	return constants;
};

const emptyConstant = (): Constant => ({ name: '', type: 0, shape: [], bytes: new Uint8Array() });

const readConstant = (field: number, constant: Constant, pbf: PbfReader): void => {
	if (field === 1) pbf.readPackedVarint(constant.shape);
	if (field === 2) constant.type = pbf.readVarint();
	if (field === 8) constant.name = pbf.readString();
	if (field === 9) constant.bytes = pbf.readBytes();
};
