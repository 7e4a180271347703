package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// A Spool holds a large body on disk while it comes in: written first, then a
// hook.Body. It lies in the store's folder under no name, where the system allows
// that, so that nothing is left of it if the process ends.
type Spool struct {
	file *os.File
	name string // what is still to be removed, or ""
	size int64
}

// Spool makes an empty spool. Its errors are ErrReadOnly or ErrFull.
func (s *Store) Spool() (*Spool, error) {
	if s.writer == nil {
		return nil, ErrReadOnly
	}
	f, err := os.CreateTemp(string(s.folder), spoolName) // 0600
	if err != nil {
		return nil, readOnlyError(string(s.folder), err)
	}
	p := &Spool{file: f}
	if os.Remove(f.Name()) != nil {
		p.name = f.Name()
	}
	return p, nil
}

// Write appends b. It is not for use once the spool is read.
func (p *Spool) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	p.size += int64(n)
	if err != nil && isFull(err) {
		return n, fmt.Errorf("%w: %w", ErrFull, err)
	}
	return n, err
}

// Size is the number of bytes written.
func (p *Spool) Size() int64 { return p.size }

// Open returns a reader over all that was written.
func (p *Spool) Open() (io.ReadCloser, error) {
	return io.NopCloser(io.NewSectionReader(p.file, 0, p.size)), nil
}

// Close frees the space.
func (p *Spool) Close() error {
	err := p.file.Close()
	if p.name == "" {
		return err
	}
	return errors.Join(err, ignore(os.Remove(p.name), fs.ErrNotExist))
}
