package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/hookctl/hookctl/internal/validate"
)

// validateInputs are the payloads of a run.
type validateInputs struct {
	app     *app
	options *validateOptions
	finder  validate.Finder
	parts   []iter.Seq[validate.Payload]
	store   *store.Store // opened where captures are asked for
	save    bool         // what is found is to be kept there: there are no other payloads

	whole int  // files that are one payload
	open  bool // there is more than these, nobody knows how much
	live  bool // payloads may come one by one, and be waited for
	// read is how many bytes of large sources were read, size how many they have.
	read atomic.Int64
	size int64
}

// inputs finds what the arguments and flags name. Captures are looked up at once, files
// read as they are asked for.
func (o *validateOptions) inputs(ctx context.Context, a *app) (*validateInputs, error) {
	written := o.formats.files(a)
	schema := ""
	if o.schema != "" {
		schema = a.absolute(o.schema)
	}
	in := &validateInputs{app: a, options: o, save: o.save, finder: validate.Finder{
		Dir:    a.world.Dir,
		Except: func(file string) bool { return file == schema || slices.Contains(written, file) },
	}}
	var err error
	if len(o.ids) == 0 {
		err = in.selected(ctx, &o.selection)
	}
	for _, arg := range o.ids {
		if err == nil {
			err = in.add(ctx, arg)
		}
	}
	if err != nil {
		in.close()
		return nil, err
	}
	return in, nil
}

// add adds what one argument stands for.
func (in *validateInputs) add(ctx context.Context, arg string) error {
	if in.save && !isCaptureID(arg) {
		return onlyCaptures(arg)
	}
	if arg == "-" {
		in.open, in.live = true, true
		in.parts = append(in.parts, validate.Stream(in.app.world.Stdin, arg))
		return nil
	}
	found, err := in.finder.Find(arg)
	switch {
	case in.save && !errors.Is(err, fs.ErrNotExist):
		return onlyCaptures(arg)
	case err == nil:
		in.files(found)
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		in.files(found)
		in.trouble(arg, err)
		return nil
	case isCaptureID(arg):
		return in.selected(ctx, &selection{ids: []string{arg}})
	case strings.ContainsAny(arg, "*?["):
		return usage(cmp.Or(in.options.mustFailHint(arg), "** stands for any folders: 'fixtures/**/*.json'"), "validate: no file fits %q", arg)
	}
	gone := errors.New("there is no such file or folder")
	if hint := in.options.mustFailHint(arg); hint != "" {
		gone = fmt.Errorf("%w; %s", gone, hint)
	}
	in.trouble(arg, gone)
	return nil
}

// files adds files.
func (in *validateInputs) files(found []validate.Source) {
	for _, source := range found {
		if source.Whole() {
			in.whole++
		} else {
			in.sizeUp(source)
		}
	}
	in.parts = append(in.parts, func(yield func(validate.Payload) bool) {
		for _, source := range found {
			for p := range source.Payloads(func(n int) { in.read.Add(int64(n)) }) {
				if !yield(p) {
					return
				}
			}
		}
	})
}

// sizeUp notes how large a source is that is read piece by piece.
func (in *validateInputs) sizeUp(source validate.Source) {
	info, err := os.Stat(source.File)
	if err != nil || !info.Mode().IsRegular() {
		in.open = true
		return
	}
	in.size += info.Size()
}

// trouble adds what cannot be read, once.
func (in *validateInputs) trouble(arg string, err error) {
	if !in.finder.First(arg) {
		return
	}
	in.whole++
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	in.parts = append(in.parts, func(yield func(validate.Payload) bool) {
		yield(validate.Payload{Path: arg, File: in.app.absolute(arg), Trouble: err})
	})
}

// isCaptureID reports whether arg can be meant for the id of a capture, where it is no
// file: last, last~2, a whole id, or at least six characters of one.
func isCaptureID(arg string) bool {
	if arg == "last" || strings.HasPrefix(arg, "last~") || strings.HasPrefix(arg, hook.CapturePrefix) {
		return true
	}
	const shortest, longest = 6, 26
	return len(arg) >= shortest && len(arg) <= longest && strings.Trim(arg, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == ""
}

// selected adds captures of the store.
func (in *validateInputs) selected(ctx context.Context, sel *selection) error {
	if in.store == nil {
		how := readOnly
		if in.save {
			how = readWrite
		}
		s, err := in.app.openStore(how)
		if err != nil {
			return err
		}
		in.store = s
	}
	captures, err := sel.captures(ctx, in.app, in.store)
	if err != nil {
		return err
	}
	if len(sel.ids) > 0 { // an id that is none is told before anything else
		c, err := in.store.Find(ctx, sel.ids[0])
		if err != nil {
			return fmt.Errorf("validate: %w", err)
		}
		captures = func(yield func(*hook.Capture, error) bool) { yield(c, nil) }
	}
	in.open = true
	in.parts = append(in.parts, validate.OfCaptures(captures, "captures"))
	return nil
}

func (in *validateInputs) close() {
	if in.store != nil {
		_ = in.store.Close() // it was only read, or what was written is known to be on disk
	}
}

// payloads are all of them, in the order in which they were named.
func (in *validateInputs) payloads() iter.Seq[validate.Payload] {
	return func(yield func(validate.Payload) bool) {
		for _, part := range in.parts {
			for p := range part {
				if !yield(p) {
					return
				}
			}
		}
	}
}
