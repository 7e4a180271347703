package store

import (
	"database/sql"
)

// parseRecord reads the columns of a row in SQLite's record format.
func parseRecord(record []byte) ([]any, error) {
	headerSize, at := sqliteVarint(record, 0)
	if at == 0 || headerSize < int64(at) || headerSize > int64(len(record)) {
		return nil, errRaw
	}
	header, body := record[:headerSize], record[headerSize:]
	var values []any
	for at < len(header) {
		kind, n := sqliteVarint(header, at)
		if n == 0 {
			return nil, errRaw
		}
		at += n
		value, size, ok := parseValue(kind, body)
		if !ok {
			return nil, errRaw
		}
		values, body = append(values, value), body[size:]
	}
	return values, nil
}

// parseValue reads a value of a kind from the front of body.
func parseValue(kind int64, body []byte) (value any, size int, ok bool) {
	switch {
	case kind == 0:
		return nil, 0, true
	case kind == 8 || kind == 9:
		return kind - 8, 0, true
	case kind <= 7:
		size = []int{0, 1, 2, 3, 4, 6, 8, 8}[max(kind, 0)]
	case kind >= 12 && (kind-12)/2 <= int64(len(body)):
		size = int(kind-12) / 2
	default:
		return nil, 0, false
	}
	if size > len(body) || kind < 0 {
		return nil, 0, false
	}
	data := body[:size]
	switch {
	case kind == 7:
		return nil, size, true
	case kind < 7:
		return bigEndian(data), size, true
	case kind%2 == 0:
		return append([]byte{}, data...), size, true
	}
	return string(data), size, true
}

// bigEndian reads a signed number.
func bigEndian(data []byte) int64 {
	n := int64(int8(data[0]))
	for _, b := range data[1:] {
		n = n<<8 | int64(b)
	}
	return n
}

// sqliteVarint reads the number at a place of b, and returns how many bytes it
// has: 0 where b ends in it.
func sqliteVarint(b []byte, at int) (n int64, size int) {
	for size < 9 {
		if at+size >= len(b) {
			return 0, 0
		}
		c := b[at+size]
		size++
		if size == 9 {
			return n<<8 | int64(c), size
		}
		if n = n<<7 | int64(c&0x7f); c < 0x80 {
			break
		}
	}
	return n, size
}

// assign puts values where dest points to, as sql.Rows.Scan does; false where one
// does not fit.
func assign(dest []any, values []any) bool {
	if len(dest) != len(values) {
		return false
	}
	for i, value := range values {
		if !assignOne(dest[i], value) {
			return false
		}
	}
	return true
}

func assignOne(dest, value any) (ok bool) {
	switch dest := dest.(type) {
	case *int64:
		*dest, ok = value.(int64)
	case *string:
		*dest, ok = value.(string)
	case *bool:
		n, isNumber := value.(int64)
		*dest, ok = n != 0, isNumber
	case *[]byte:
		*dest, ok = value.([]byte)
		ok = ok || value == nil
	case sql.Scanner:
		ok = dest.Scan(value) == nil
	}
	return ok
}
