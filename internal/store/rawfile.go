package store

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// What follows reads SQLite's file without SQLite, which goes from page to page by
// their links: one damaged page of links, and all behind it is out of its reach.
// Here every page is looked at by itself. What is found is to be believed only
// with its checksum. https://www.sqlite.org/fileformat2.html

const (
	pageBytes  = 4096 // of all files that we make
	leafType   = 0x0d // a page of rows
	fileHeader = 100  // bytes before the first page's own
	logHeader  = 32
	logFrame   = 24 // bytes before each page in the log
)

var errRaw = errors.New("not a record")

// A rawFile is a database file and its log, as pages.
type rawFile struct {
	main, log *os.File
	pages     int64
	inLog     map[int64]int64 // where the log has the newest of a page
}

// openRaw opens the file at path and, where there is one, its log.
func openRaw(path string) (*rawFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	r := &rawFile{main: f, pages: (info.Size() + pageBytes - 1) / pageBytes, inLog: map[int64]int64{}}
	if r.log, err = os.Open(path + "-wal"); err == nil {
		r.readLog()
	}
	return r, nil
}

func (r *rawFile) close() {
	r.main.Close()
	if r.log != nil {
		r.log.Close()
	}
}

// readLog finds the pages in the log, up to its last whole transaction.
func (r *rawFile) readLog() {
	header := make([]byte, logHeader)
	if _, err := r.log.ReadAt(header, 0); err != nil {
		return
	}
	salt := string(header[16:24])
	frame := make([]byte, logFrame)
	open := map[int64]int64{} // of the transaction that is being read
	for at := int64(logHeader); ; at += logFrame + pageBytes {
		if _, err := r.log.ReadAt(frame, at); err != nil || string(frame[8:16]) != salt {
			return
		}
		page := int64(binary.BigEndian.Uint32(frame))
		open[page] = at + logFrame
		if size := int64(binary.BigEndian.Uint32(frame[4:])); size > 0 { // the transaction ends
			for page, at := range open {
				r.inLog[page] = at
				r.pages = max(r.pages, page)
			}
			clear(open)
		}
	}
}

// page returns the nth page, from 1. Of a page that the file ends in, the rest is zero.
func (r *rawFile) page(n int64) ([]byte, error) {
	page := make([]byte, pageBytes)
	if at, ok := r.inLog[n]; ok {
		if _, err := r.log.ReadAt(page, at); err == nil {
			return page, nil
		}
	}
	if n < 1 || n > r.pages {
		return nil, errRaw
	}
	got, err := r.main.ReadAt(page, (n-1)*pageBytes)
	if got > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return page, err
}

// rows calls visit with each row that is on a page.
func (r *rawFile) rows(n int64, visit func(rawRow)) {
	page, err := r.page(n)
	if err != nil {
		return
	}
	head := 0
	if n == 1 {
		head = fileHeader
	}
	if page[head] != leafType {
		return
	}
	count := int(binary.BigEndian.Uint16(page[head+3:]))
	for i := range count {
		at := head + 8 + 2*i
		if at+2 > pageBytes {
			return
		}
		if row, err := r.row(page, int(binary.BigEndian.Uint16(page[at:]))); err == nil {
			visit(row)
		}
	}
}

// A rawRow is a row of some table.
type rawRow struct {
	seq    int64
	values []any // nil, int64, string or []byte; a float is nil, for we have none
}

// row reads the row that begins at a place of page.
func (r *rawFile) row(page []byte, at int) (row rawRow, err error) {
	size, n := sqliteVarint(page, at)
	at += n
	seq, m := sqliteVarint(page, at)
	at += m
	if n == 0 || m == 0 || size < 1 || size > r.pages*pageBytes {
		return row, errRaw
	}
	record, err := r.payload(page, at, int(size))
	if err != nil {
		return row, err
	}
	row.seq = seq
	row.values, err = parseRecord(record)
	return row, err
}

// payload returns the size bytes of a row that begin at a place of page and go on
// in pages of their own.
func (r *rawFile) payload(page []byte, at, size int) ([]byte, error) {
	local := localSize(size)
	if at+local > len(page) {
		return nil, errRaw
	}
	if local == size {
		return page[at : at+size], nil
	}
	if at+local+4 > len(page) {
		return nil, errRaw
	}
	payload := append(make([]byte, 0, size), page[at:at+local]...)
	next := int64(binary.BigEndian.Uint32(page[at+local:]))
	for len(payload) < size {
		more, err := r.page(next)
		if err != nil {
			return nil, errRaw
		}
		next = int64(binary.BigEndian.Uint32(more))
		payload = append(payload, more[4:4+min(pageBytes-4, size-len(payload))]...)
	}
	return payload, nil
}

// localSize is how many of a row's bytes are on its leaf.
func localSize(size int) int {
	const most, least = pageBytes - 35, (pageBytes-12)*32/255 - 23
	if size <= most {
		return size
	}
	if local := least + (size-least)%(pageBytes-4); local <= most {
		return local
	}
	return least
}
