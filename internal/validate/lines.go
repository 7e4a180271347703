package validate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/hookctl/hookctl/internal/hook"
)

// MaxText is the largest payload that is read, and the longest line, in bytes: a capture
// with a body of 25 MiB, the most that is received by default, is a line of 34 MiB.
const MaxText = 40 << 20

// errTooLarge is the trouble of a payload that is larger than MaxText.
var errTooLarge = fmt.Errorf("larger than %d MiB, the most that is read", MaxText>>20)

// lineBuffer is how much of a stream is read at once, in bytes.
const lineBuffer = 256 << 10

// lines hands out the lines of a stream, of which one is in memory at a time.
type lines struct {
	r     *bufio.Reader
	limit int
	n     int // lines so far
}

func newLines(r io.Reader, limit int) *lines {
	l := &lines{r: bufio.NewReaderSize(r, lineBuffer), limit: limit}
	mark := []byte("\ufeff") // some editors begin files so
	if start, _ := l.r.Peek(len(mark)); bytes.Equal(start, mark) {
		_, _ = l.r.Discard(len(mark))
	}
	return l
}

// next returns the next line that is not blank, without its end, and its number from 1.
// After errTooLarge the lines that follow can be read. The caller may keep the line.
func (l *lines) next() (line []byte, number int, err error) {
	for {
		l.skipBlank()
		line, err = l.line()
		if err != nil || len(bytes.TrimSpace(line)) > 0 {
			return line, l.n, err
		}
	}
}

// skipBlank skips the blank lines that were read already, and are not too large.
func (l *lines) skipBlank() {
	ahead, _ := l.r.Peek(l.r.Buffered())
	blank := ahead[:len(ahead)-len(bytes.TrimLeft(ahead, " \t\r\n"))]
	end := 0
	for {
		line, _, ended := bytes.Cut(blank[end:], []byte("\n"))
		if !ended || len(bytes.TrimSuffix(line, []byte("\r"))) > l.limit {
			break
		}
		end += len(line) + 1
		l.n++
	}
	_, _ = l.r.Discard(end)
}

// line reads up to the end of a line, or of the stream.
func (l *lines) line() ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := l.r.ReadSlice('\n')
		switch {
		case long || len(line)+len(part) > l.limit+len("\r\n"):
			line, long = nil, true
		default:
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && (!errors.Is(err, io.EOF) || len(part) == 0 && len(line) == 0 && !long) {
			return nil, err
		}
		l.n++
		line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		if long || len(line) > l.limit {
			return nil, errTooLarge
		}
		return line, nil
	}
}

// explainLines makes what was found of a file that is NDJSON, and not called so, say how
// that is read.
func explainLines(v *hook.Validation, p *Payload) {
	if !p.unread || v.Outcome != hook.NotJSON || len(v.Faults) == 0 {
		return
	}
	first, rest, _ := bytes.Cut(bytes.TrimSpace(p.Text), []byte("\n"))
	if len(rest) > 0 && json.Valid(first) {
		v.Faults[0].Message += "; call it *.ndjson or give it to - where each line is a payload"
	}
}
