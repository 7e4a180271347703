package store

import (
	"encoding/binary"
	"hash/crc32"
)

// A record's checksum covers its seq too, so that a row that turns up in
// another's place is noticed.

// castagnoli returns the table of CRC-32C, which processors compute by themselves.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// A fingerprint collects the columns of a record, each in a form that no
// other columns could have.
type fingerprint struct {
	buf []byte
}

func (f *fingerprint) reset() { f.buf = f.buf[:0] }

func (f *fingerprint) number(n int64) { f.buf = binary.AppendVarint(f.buf, n) }

func (f *fingerprint) text(s string) {
	f.buf = binary.AppendUvarint(f.buf, uint64(len(s)))
	f.buf = append(f.buf, s...)
}

func (f *fingerprint) bytes(b []byte) {
	f.buf = binary.AppendUvarint(f.buf, uint64(len(b)))
	f.buf = append(f.buf, b...)
}

func (f *fingerprint) sum() int64 { return int64(crc32.Checksum(f.buf, castagnoli())) }
