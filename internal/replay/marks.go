package replay

// Marks are the shots that a run has behind it. The zero Marks are none. They take about
// a bit for each capture.
type Marks struct {
	tries map[int]map[int64]*markBlock
}

// blockBits is how many seqs have their marks side by side.
const blockBits = 4096

type markBlock [blockBits / 64]uint64

// Add notes that the capture seq was sent for the try-th time.
func (m *Marks) Add(seq int64, try int) {
	if m.tries == nil {
		m.tries = map[int]map[int64]*markBlock{}
	}
	blocks := m.tries[try]
	if blocks == nil {
		blocks = map[int64]*markBlock{}
		m.tries[try] = blocks
	}
	block := blocks[seq/blockBits]
	if block == nil {
		block = &markBlock{}
		blocks[seq/blockBits] = block
	}
	bit := uint(seq % blockBits)
	block[bit/64] |= 1 << (bit % 64)
}

// Has reports whether the capture seq was sent for the try-th time.
func (m *Marks) Has(seq int64, try int) bool {
	block := m.tries[try][seq/blockBits]
	if block == nil {
		return false
	}
	bit := uint(seq % blockBits)
	return block[bit/64]&(1<<(bit%64)) != 0
}
