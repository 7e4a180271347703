package archive

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/hookctl/hookctl/internal/hook"
)

// errNotHAR is the error of reading JSON that is something else.
var errNotHAR = errors.New("not a HAR file: log.entries is missing")

// ReadHAR reads the captures of r, one from each entry, as they are asked for,
// from hookctl's own files, which give the exact captures back, and from those of
// browsers and proxies, of whose captures the headers are not known to be exact
// and which have no id. An entry that is not a request that can be sent gives an
// error that names it and what is wrong, and reading goes on; where r is not a
// HAR file, or fails, it ends.
func ReadHAR(r io.Reader) iter.Seq2[*hook.Capture, error] { return readHAR(r, (*entryIn).foreign) }

// ReadHARBodies is ReadHAR for who needs the bodies alone: an entry of another tool need
// not be a request that can be sent, and its capture has what of it is known.
func ReadHARBodies(r io.Reader) iter.Seq2[*hook.Capture, error] {
	return readHAR(r, (*entryIn).loosely)
}

// readHAR reads entries, those of other tools with foreign.
func readHAR(r io.Reader, foreign func(*entryIn, []byte) (*hook.Capture, error)) iter.Seq2[*hook.Capture, error] {
	return func(yield func(*hook.Capture, error) bool) {
		dec := json.NewDecoder(skipMark(r))
		if err := seekEntries(dec); err != nil {
			yield(nil, err)
			return
		}
		i := 0
		for ; dec.More(); i++ {
			c, err := nextEntry(dec, foreign)
			if err != nil {
				err = fmt.Errorf("log.entries[%d]%w", i, err)
			}
			if !yield(c, err) || errors.As(err, new(*brokenFile)) {
				return
			}
		}
		if _, err := dec.Token(); err != nil { // the closing bracket
			yield(nil, fmt.Errorf("log.entries[%d]: %w", i, cutOff(err)))
		}
	}
}

// A brokenFile is an error after which no further entry can be read.
type brokenFile struct{ error }

func (e *brokenFile) Unwrap() error { return e.error }

// seekEntries reads up to the first entry, whatever comes before.
func seekEntries(dec *json.Decoder) error {
	for _, step := range []struct {
		open json.Delim
		key  string
	}{{'{', "log"}, {'{', "entries"}, {'[', ""}} {
		if err := enter(dec, step.open, step.key); err != nil {
			return err
		}
	}
	return nil
}

// enter reads the delimiter open and, in an object, up to the value of key.
func enter(dec *json.Decoder, open json.Delim, key string) error {
	token, err := dec.Token()
	if err != nil {
		return fmt.Errorf("not a HAR file: %w", cutOff(err))
	}
	if token != open {
		return errNotHAR
	}
	for key != "" {
		token, err := dec.Token()
		if err != nil {
			return fmt.Errorf("not a HAR file: %w", cutOff(err))
		}
		switch token {
		case json.Delim('}'):
			return errNotHAR
		case key:
			return nil
		}
		var other json.RawMessage
		if err := dec.Decode(&other); err != nil {
			return fmt.Errorf("not a HAR file: %w", cutOff(err))
		}
	}
	return nil
}

func cutOff(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
