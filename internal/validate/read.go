package validate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"

	"github.com/hookctl/hookctl/internal/archive"
)

// Payloads reads the payloads of a source as they are asked for. Whole files are read
// by Run, on all processors. read, which may be nil, is told of the bytes that are read
// of a large file.
func (s Source) Payloads(read func(n int)) iter.Seq[Payload] {
	if s.form == document {
		return func(yield func(Payload) bool) {
			yield(Payload{Path: s.Path, File: s.File, place: s.place, unread: true})
		}
	}
	return func(yield func(Payload) bool) {
		yield = s.placed(yield)
		file, err := os.Open(s.File)
		if err != nil {
			yield(Payload{Path: s.Path, Trouble: plain(err)})
			return
		}
		defer file.Close()
		r := io.Reader(&counting{file, read})
		switch s.form {
		case byLine:
			eachLine(r, s.Path, yield)
		case byEntry:
			eachEntry(r, s.Path, yield)
		default:
			eachOfStream(r, s.Path, yield)
		}
	}
}

// placed yields payloads with where they come from.
func (s Source) placed(yield func(Payload) bool) func(Payload) bool {
	return func(p Payload) bool {
		p.File, p.place = s.File, s.place
		return yield(p)
	}
}

// Stream reads the payloads of a stream as they come: one document, or one on each line.
func Stream(r io.Reader, path string) iter.Seq[Payload] {
	return func(yield func(Payload) bool) { eachOfStream(r, path, yield) }
}

// counting tells how much is read.
type counting struct {
	io.Reader
	read func(n int)
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if c.read != nil {
		c.read(n)
	}
	return n, err
}

// plain is an error of a file without its name, which the report has.
func plain(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// eachLine yields the payloads of NDJSON. A line that is too long is a trouble, and
// reading goes on.
func eachLine(r io.Reader, path string, yield func(Payload) bool) {
	yieldLines(newLines(r, MaxText), path, yield)
}

func yieldLines(l *lines, path string, yield func(Payload) bool) {
	for {
		text, number, err := l.next()
		switch {
		case errors.Is(err, io.EOF):
			return
		case errors.Is(err, errTooLarge):
			err = fmt.Errorf("the line is %w", err)
		case err != nil:
			yield(Payload{Path: path, Trouble: plain(err)})
			return
		}
		if !yield(Payload{Path: path, Line: number, Text: text, Trouble: err}) {
			return
		}
	}
}

// eachEntry yields the bodies of the requests in a HAR file.
func eachEntry(r io.Reader, path string, yield func(Payload) bool) {
	entry := 0
	for c, err := range archive.ReadHARBodies(r) {
		entry++
		p := Payload{Path: path, Entry: entry, Trouble: err}
		if err == nil {
			p = OfCapture(c)
			p.Path, p.Entry, p.inside = path, entry, true
		}
		if !yield(p) {
			return
		}
	}
}

// eachOfStream yields the payloads of a stream of which only the content says whether it
// is one document or NDJSON: it is NDJSON where the first line is a JSON text of its own
// and there are others, or where the first two both begin an object.
func eachOfStream(r io.Reader, path string, yield func(Payload) bool) {
	var begun head // what was read to find out
	l := newLines(io.TeeReader(r, &begun), MaxText)
	first, n, err := l.next()
	if err != nil {
		yieldFailed(path, err, yield)
		return
	}
	second, m, err := l.next()
	atEnd := errors.Is(err, io.EOF)
	if err != nil && !atEnd && !errors.Is(err, errTooLarge) {
		yieldFailed(path, err, yield)
		return
	}
	if atEnd || !json.Valid(first) && !(beginsObject(first) && beginsObject(second)) {
		if begun.size > MaxText {
			yieldFailed(path, errTooLarge, yield)
			return
		}
		yieldWhole(io.MultiReader(begun.reader(), r), path, yield)
		return
	}
	begun.parts = nil
	rest := &lines{r: bufio.NewReaderSize(io.MultiReader(buffered(l.r), r), lineBuffer), limit: MaxText, n: m}
	if !yield(Payload{Path: path, Line: n, Text: first}) || !yield(Payload{Path: path, Line: m, Text: second, Trouble: err}) {
		return
	}
	yieldLines(rest, path, yield)
}

// buffered is what r has read and not handed out.
func buffered(r *bufio.Reader) io.Reader {
	ahead, _ := r.Peek(r.Buffered())
	return bytes.NewReader(bytes.Clone(ahead))
}

func yieldFailed(path string, err error, yield func(Payload) bool) {
	if errors.Is(err, io.EOF) {
		return // there is nothing
	}
	yield(Payload{Path: path, Trouble: plain(err)})
}

func yieldWhole(r io.Reader, path string, yield func(Payload) bool) {
	text, err := io.ReadAll(io.LimitReader(r, MaxText+1))
	if len(text) > MaxText {
		text, err = nil, errTooLarge
	}
	if err != nil {
		yieldFailed(path, err, yield)
		return
	}
	yield(Payload{Path: path, Text: text})
}

func beginsObject(line []byte) bool {
	line = bytes.TrimLeft(line, " \t")
	return len(line) > 0 && line[0] == '{'
}

// readFile reads a whole file. A large one has to enter first.
func readFile(name string, enter func(n int64) bool) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, plain(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, plain(err)
	}
	switch size := info.Size(); {
	case info.IsDir():
		return nil, errors.New("it is a folder that cannot be read")
	case size > MaxText:
		return nil, errTooLarge
	case size > smallFile && !enter(size):
		return nil, errors.New("interrupted")
	}
	text := make([]byte, info.Size()+1)
	n, err := io.ReadAtLeast(file, text, int(info.Size()))
	if err == nil && (n == 0 || n == len(text)) { // it has no size of its own, or has grown
		return readOn(file, text[:n])
	}
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, plain(err)
	}
	return text[:n], nil
}

func readOn(r io.Reader, text []byte) ([]byte, error) {
	more, err := io.ReadAll(io.LimitReader(r, MaxText+1))
	if text = append(text, more...); err == nil && len(text) > MaxText {
		return nil, errTooLarge
	}
	return text, plain(err)
}
