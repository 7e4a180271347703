package archive

import (
	"bufio"
	"bytes"
	"io"
)

// skipMark returns r without the UTF-8 byte order mark that it may begin with:
// editors and shells on Windows write one, and no JSON reader takes it.
func skipMark(r io.Reader) io.Reader {
	buffered := bufio.NewReader(r)
	mark := []byte("\ufeff")
	if start, _ := buffered.Peek(len(mark)); bytes.Equal(start, mark) {
		buffered.Discard(len(mark))
	}
	return buffered
}
