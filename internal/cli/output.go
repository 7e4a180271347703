package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hookctl/hookctl/internal/whole"
)

// writeOutput lets write fill the file at path, or standard output where path is
// empty. See openOutput.
func (a *app) writeOutput(path string, write func(io.Writer) error) error {
	out, err := a.openOutput(path)
	if err != nil {
		return err
	}
	defer out.discard()
	if err := write(out); err != nil {
		return err
	}
	return out.commit()
}

// toStdout reports whether a file that was named is standard output.
func toStdout(path string) bool { return path == "-" || path == "/dev/stdout" }

// An output is a file that is being written, or standard output.
type output struct {
	*bufio.Writer
	file       *os.File // nil for standard output
	path       string   // that the file becomes, "" where it is there already
	unfinished *whole.Unfinished
	done       bool
}

// openOutput begins to write the file at path, or to standard output where path is empty
// or names it. A new or regular file appears only when it is whole, and only its owner may
// read it; what a link leads to is written, and a device or pipe is written as it is.
func (a *app) openOutput(path string) (*output, error) {
	if path == "" || toStdout(path) {
		return &output{Writer: bufio.NewWriter(a.world.Stdout)}, nil
	}
	path, plain, err := outputPath(a.absolute(path))
	if err != nil {
		return nil, cannot("", err)
	}
	out := &output{path: path}
	if plain {
		out.unfinished = a.world.Unfinished
		out.file, err = out.unfinished.Begin(filepath.Dir(path))
	} else {
		out.path = ""
		out.file, err = os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	}
	if err != nil {
		return nil, cannot("", err)
	}
	out.Writer = bufio.NewWriter(out.file)
	return out, nil
}

// commit ends the writing and puts the file in its place.
func (o *output) commit() error {
	if err := o.Flush(); err != nil {
		if o.file == nil {
			return err
		}
		return cannot("", err)
	}
	o.done = true
	if o.file == nil {
		return nil
	}
	if err := o.file.Close(); err != nil {
		return cannot("", err)
	}
	if o.path == "" {
		return nil
	}
	defer o.unfinished.End(o.file.Name())
	if err := os.Rename(o.file.Name(), o.path); err != nil {
		return cannot("", err)
	}
	return nil
}

// discard takes the file away, unless it was committed.
func (o *output) discard() {
	if o.done || o.file == nil {
		return
	}
	o.done = true
	o.file.Close()
	if o.path != "" {
		o.unfinished.End(o.file.Name())
	}
}

// outputPath follows the links at path and reports whether a file can be put
// there: a device, a pipe or a socket must not be replaced by one, nor what is open
// already and has a name among devices, such as /dev/fd/3.
func outputPath(path string) (to string, plain bool, err error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return path, true, nil
	}
	if opened(path) {
		return path, false, nil
	}
	if to, err = filepath.EvalSymlinks(path); err != nil {
		return path, false, err // a link that leads nowhere, too
	}
	info, err := os.Stat(to)
	if err != nil {
		return to, false, err
	}
	if info.IsDir() {
		return to, false, fmt.Errorf("%s is a folder", path)
	}
	return to, info.Mode().IsRegular(), nil
}

// maxLinks is how many links may lead to a file.
const maxLinks = 40

// opened reports whether path, or a link that it leads over, is a name of what is open
// already: one in /dev, or in the folder of a process.
func opened(path string) bool {
	for range maxLinks {
		if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
			path = filepath.Join(folder, filepath.Base(path))
		}
		folder := filepath.Dir(path)
		inProcess, err := filepath.Match("/proc/*/fd", folder)
		if folder == "/dev" || folder == "/dev/fd" || inProcess && err == nil {
			return true
		}
		to, err := os.Readlink(path)
		if err != nil {
			return false
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(folder, to)
		}
		path = to
	}
	return false
}
