package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
)

// formatWords are the names of the formats, for people.
func formatWords() string { return strings.Join(render.ReportFormats(), ", ") }

// A formatList is the formats that a run is told in, each with the file it goes to, ""
// for standard output. As a flag it takes several words with commas between them.
type formatList []formatTo

type formatTo struct{ name, file string }

func (f formatTo) String() string {
	if f.file == "" {
		return f.name
	}
	return f.name + "=" + f.file
}

// Type is the word for a value.
func (l *formatList) Type() string   { return "NAME" }
func (l *formatList) String() string { return strings.Join(l.GetSlice(), ",") }

func (l *formatList) offer(typed string) []string {
	return offerNext(typed, render.ReportFormats())
}

// Set adds formats.
func (l *formatList) Set(text string) error {
	for word := range strings.SplitSeq(text, ",") {
		name, file, toFile := strings.Cut(strings.TrimSpace(word), "=")
		if err := oneOf(name, render.ReportFormats()...); err != nil {
			return err
		}
		if toFile && file == "" {
			return fmt.Errorf("want a file after %s=", name)
		}
		if toStdout(file) {
			file = ""
		}
		*l = append(*l, formatTo{name, file})
	}
	return nil
}

// Append adds formats.
func (l *formatList) Append(text string) error { return l.Set(text) }

// Replace sets others.
func (l *formatList) Replace(texts []string) error {
	*l = nil
	for _, text := range texts {
		if err := l.Set(text); err != nil {
			return err
		}
	}
	return nil
}

// GetSlice are the formats as they are given.
func (l *formatList) GetSlice() []string {
	words := make([]string, len(*l))
	for i, f := range *l {
		words[i] = f.String()
	}
	return words
}

// settled are the formats of a run: text where none is named, JSON under --json. absolute
// is where a file is.
func (l formatList) settled(json bool, absolute func(file string) string) (formatList, error) {
	all := slices.Clone(l)
	if json && !slices.ContainsFunc(all, func(f formatTo) bool { return f.file == "" && f.name == "json" }) {
		all = append(all, formatTo{name: "json"})
	}
	if len(all) == 0 {
		all = formatList{{name: "text"}}
	}
	onStdout := formatTo{}
	files := map[string]bool{}
	for _, f := range all {
		switch {
		case f.file == "" && onStdout.name != "":
			return nil, usage("give the others a file, as in --format "+f.name+"=FILE", "--format: only one can go to standard output, got %s and %s", onStdout.name, f.name)
		case f.file == "":
			onStdout = f
		case f.file != "" && files[absolute(f.file)]:
			return nil, usage("give each format a file of its own", "--format: %s is there twice", f.file)
		}
		files[absolute(f.file)] = true
	}
	return all, nil
}

// files are those that the formats go to.
func (l formatList) files(a *app) []string {
	var files []string
	for _, f := range l {
		if f.file != "" {
			files = append(files, a.absolute(f.file))
		}
	}
	return files
}

// A reportSet tells of a run in several formats at once.
type reportSet struct {
	reporters []render.Reporter
	outputs   []*output
	closed    map[int]bool // reporters
}

// outputBuffer is how much of a report is written at once, in bytes.
const outputBuffer = 64 << 10

// openReports begins to tell of a run; what goes to standard output is written to stdout.
func (a *app) openReports(o *validateOptions, stdout io.Writer) (*reportSet, error) {
	set := &reportSet{closed: map[int]bool{}}
	locate := a.locator()
	for _, f := range o.formats {
		out, err := a.openOutput(f.file)
		if err != nil {
			set.discard()
			return nil, cannot("the folder of the file must be there", fmt.Errorf("--format %s: %w", f, plainError(err)))
		}
		if out.file == nil {
			out.Writer = bufio.NewWriterSize(stdout, outputBuffer)
		}
		set.outputs = append(set.outputs, out)
		reporter, err := render.NewReporter(f.name, out, render.ReportOptions{
			Options: a.printing(a.world.StdoutTerminal && f.file == ""), FailOn: validate.FailOn(o.failOn.value),
			Version: readVersion().Version, Notice: a.messages().Status, Locate: locate,
		})
		if err != nil {
			set.discard()
			return nil, usage("", "--%w", err)
		}
		set.reporters = append(set.reporters, reporter)
	}
	return set, nil
}

// plainError is an error without what a failure adds to it.
func plainError(err error) error {
	var f *failure
	if errors.As(err, &f) {
		return f.err
	}
	return err
}

func (s *reportSet) tell(r *validate.Report) error {
	for _, reporter := range s.reporters {
		if err := reporter.Report(r); err != nil {
			return err
		}
	}
	return nil
}

// end tells the total and puts the files in their places.
func (s *reportSet) end(total validate.Total) error {
	for i := range s.reporters {
		if err := s.closeReporter(i, total); err != nil {
			return err
		}
		if err := s.outputs[i].commit(); err != nil {
			return err
		}
	}
	return nil
}

// flush shows what was told on standard output so far.
func (s *reportSet) flush() error {
	for _, out := range s.outputs {
		if out.file == nil {
			if err := out.Flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// interrupt ends what goes to standard output, so that it is whole.
func (s *reportSet) interrupt(total validate.Total) {
	total.Interrupted = true
	for i := range s.reporters {
		if s.outputs[i].file == nil && s.closeReporter(i, total) == nil {
			_ = s.outputs[i].Flush() // the run has failed already
		}
	}
}

func (s *reportSet) closeReporter(i int, total validate.Total) error {
	s.closed[i] = true
	return s.reporters[i].Close(total)
}

// discard ends what was not ended. Reporters may keep files of their own, which go when
// they are closed; what they still have to say is said to nobody.
func (s *reportSet) discard() {
	for i := range s.reporters {
		if !s.closed[i] {
			s.outputs[i].Reset(io.Discard)
			_ = s.closeReporter(i, validate.Total{})
		}
	}
	for _, out := range s.outputs {
		out.discard()
	}
}
