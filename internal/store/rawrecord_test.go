package store

import (
	"testing"
)

func FuzzParseRecord(f *testing.F) {
	for _, seed := range []string{"", "\x01", "\x02\x01\x7f", "\x03\x0d\x0eab", "\x81\x00", "\x09\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x04\x07\x08\x0c12345678"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, record []byte) {
		values, err := parseRecord(record)
		if err != nil {
			return
		}
		var row captureRow
		assign(row.dest(nil), values)
		var judgement judgementRow
		assign(judgement.dest(), values)
	})
}
