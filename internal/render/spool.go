package render

import (
	"bytes"
	"io"
	"os"
)

// spoolMemory is how much a spool keeps in memory, in bytes.
const spoolMemory = 1 << 20

// A spool keeps what is written to it until it is copied elsewhere: in memory as long as
// that is little, then in a file that goes with it.
type spool struct {
	memory bytes.Buffer
	file   *os.File
	size   int64
}

func (s *spool) Write(p []byte) (int, error) {
	if s.memory.Len()+len(p) > spoolMemory {
		if err := s.toFile(); err != nil {
			return 0, err
		}
	}
	s.size += int64(len(p))
	return s.memory.Write(p)
}

func (s *spool) WriteString(text string) (int, error) { return s.Write([]byte(text)) }

// toFile moves what is in memory to the file.
func (s *spool) toFile() error {
	if s.file == nil {
		file, err := os.CreateTemp("", "hookctl-report-*")
		if err != nil {
			return err
		}
		s.file = file
		_ = os.Remove(file.Name()) // where an open file can be, it is gone whatever happens
	}
	_, err := s.memory.WriteTo(s.file)
	return err
}

// moveTo copies everything to w and leaves the spool empty.
func (s *spool) moveTo(w io.Writer) error {
	if s.file != nil {
		if _, err := s.file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if _, err := io.Copy(w, io.LimitReader(s.file, s.size-int64(s.memory.Len()))); err != nil {
			return err
		}
		if _, err := s.file.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	s.size = 0
	_, err := s.memory.WriteTo(w)
	return err
}

// Close removes the file.
func (s *spool) Close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	_ = os.Remove(s.file.Name()) // where an open file cannot be removed
	s.file = nil
	return err
}
