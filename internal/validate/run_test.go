package validate_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/validate"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func numbered(n int, text string) iter.Seq[validate.Payload] {
	return func(yield func(validate.Payload) bool) {
		for i := range n {
			if !yield(validate.Payload{Path: "p", Line: i + 1, Text: []byte(text)}) {
				return
			}
		}
	}
}

func config(check func(*validate.Payload) validate.Report) validate.Config {
	return validate.Config{Check: check, FailOn: validate.FailUnknown, Now: time.Now}
}

func TestRunTellsInOrder(t *testing.T) {
	slow := func(*validate.Payload) validate.Report {
		time.Sleep(time.Duration(rand.IntN(200)) * time.Microsecond)
		return validate.Report{Validation: hook.Validation{Outcome: hook.Valid}}
	}
	for _, workers := range []int{0, 1, 2, 8, 33} {
		c, next := config(slow), 1
		c.Workers = workers
		total, err := validate.Run(context.Background(), numbered(1000, "{}"), c, func(r *validate.Report) error {
			if r.Line != next {
				t.Fatalf("%d workers: got %d, want %d", workers, r.Line, next)
			}
			next++
			return nil
		})
		if err != nil || total.Valid != 1000 || total.Payloads() != 1000 {
			t.Errorf("%d workers: %v, %+v", workers, err, total)
		}
	}
}

func TestRunOfNothing(t *testing.T) {
	total, err := validate.Run(context.Background(), numbered(0, ""), config(accept), func(*validate.Report) error { return nil })
	if err != nil || total.Payloads() != 0 {
		t.Errorf("%v, %+v", err, total)
	}
}

func TestRunEndsWithTheContext(t *testing.T) {
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	told := 0
	_, err := validate.Run(ctx, numbered(1<<30, "{}"), config(accept), func(*validate.Report) error {
		if told++; told == 100 {
			cancel(why)
		}
		return nil
	})
	if !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}

func TestRunEndsWithTheFirstErrorOfWhoeverIsTold(t *testing.T) {
	why := errors.New("full")
	told := 0
	_, err := validate.Run(context.Background(), numbered(1<<30, "{}"), config(accept), func(*validate.Report) error {
		told++
		return why
	})
	if !errors.Is(err, why) || told != 1 {
		t.Errorf("got %v after %d", err, told)
	}
}

// Neither what is read ahead nor what is kept for its faults grows with the input, and a
// payload that is larger than all that may be in memory still comes through.
func TestRunBoundsWhatIsInMemory(t *testing.T) {
	const size, payloads = 8 << 20, 60
	var alive, most atomic.Int64
	lines := func(yield func(validate.Payload) bool) {
		for i := range payloads {
			most.Store(max(most.Load(), alive.Add(size)))
			if !yield(validate.Payload{Path: "p", Line: i + 1, Text: make([]byte, size)}) {
				return
			}
		}
	}
	faulty := func(*validate.Payload) validate.Report {
		return validate.Report{Validation: hook.Validation{Outcome: hook.Invalid, Faults: []hook.Fault{{Kind: "type", Class: hook.ClassWrong}}}}
	}
	c := config(faulty)
	c.Workers = 4
	total, err := validate.Run(context.Background(), lines, c, func(r *validate.Report) error {
		if len(r.Text) != size {
			t.Errorf("the text is not there: %d", len(r.Text))
		}
		alive.Add(-size)
		time.Sleep(time.Millisecond)
		return nil
	})
	if err != nil || total.Failed != payloads {
		t.Fatal(err, total)
	}
	if limit := int64(64<<20 + 3*size); most.Load() > limit {
		t.Errorf("%d bytes at once, want at most %d", most.Load(), limit)
	}
}

func TestRunReadsFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, text []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("0-empty.json", nil)
	write("1-small.json", []byte("{}"))
	write("2-large.json", bytes.Repeat([]byte("x"), 1<<20))
	write("3-huge.json", nil)
	if err := os.Truncate(filepath.Join(dir, "3-huge.json"), validate.MaxText+1); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"0-empty.json": "0", "1-small.json": "2", "2-large.json": "1048576", "3-huge.json": "larger than 40 MiB, the most that is read", "4-gone.json": "no such file or directory"}
	write("4-gone.json", nil)
	sources, err := (&validate.Finder{Dir: dir}).Find(".")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "4-gone.json")); err != nil {
		t.Fatal(err)
	}
	measure := func(p *validate.Payload) validate.Report {
		return validate.Report{Event: fmt.Sprint(len(p.Text)), Validation: hook.Validation{Outcome: hook.Valid}}
	}
	got := map[string]string{}
	total, err := validate.Run(context.Background(), all(sources), config(measure), func(r *validate.Report) error {
		if got[r.Path] = r.Event; r.Trouble != nil {
			got[r.Path] = r.Trouble.Error()
		}
		return nil
	})
	if err != nil || total.Trouble != 2 || total.Valid != 3 || total.Failed != 0 {
		t.Errorf("%v, %+v", err, total)
	}
	for path, text := range want {
		if got[path] != text && !(runtime.GOOS == "windows" && strings.HasPrefix(path, "4")) {
			t.Errorf("%s: got %q, want %q", path, got[path], text)
		}
	}
}

// NDJSON in a file that is not called so is one broken document; it is told how to be read.
func TestLinesInADocument(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"lines.json": "{}\n{}\n", "broken.json": "{\n}}", "two.json": "{} {}"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sources, err := (&validate.Finder{Dir: dir}).Find(".")
	if err != nil {
		t.Fatal(err)
	}
	check := validate.NewResolver(&known{}).Check
	hinted := map[string]bool{}
	_, err = validate.Run(context.Background(), all(sources), config(check), func(r *validate.Report) error {
		hinted[r.Path] = strings.HasSuffix(r.Validation.Faults[0].Message, "; call it *.ndjson or give it to - where each line is a payload")
		return nil
	})
	if err != nil || !hinted["lines.json"] || hinted["broken.json"] || hinted["two.json"] {
		t.Errorf("%v, %v", err, hinted)
	}
}

// Requests without a body, as a browser's GET is, carry no payload; a POST without one,
// and an empty file, are wrong.
func TestRequestsWithoutABodyDoNotCount(t *testing.T) {
	c := config(func(*validate.Payload) validate.Report {
		return validate.Report{Validation: hook.Validation{Outcome: hook.NotJSON}}
	})
	payloads := []validate.Payload{validate.OfCapture(&hook.Capture{ID: "cap_1", Seq: 7, Method: "GET"}), validate.OfCapture(&hook.Capture{ID: "cap_2", Seq: 8, Method: "POST"}), {Path: "empty.json"}}
	bodiless := map[int64]bool{}
	total, err := validate.Run(context.Background(), slices.Values(payloads), c, func(r *validate.Report) error {
		bodiless[r.Seq] = r.Bodiless
		return nil
	})
	if err != nil || total.Payloads() != 2 || total.Failed != 2 || !bodiless[7] || bodiless[8] || bodiless[0] {
		t.Errorf("%v, %+v, %v", err, total, bodiless)
	}
}

func TestWhatCounts(t *testing.T) {
	valid := hook.Validation{Outcome: hook.Valid}
	doubtful := hook.Validation{Outcome: hook.Valid, Faults: []hook.Fault{{Class: hook.ClassDoubt}}}
	lacking := hook.Validation{Outcome: hook.Invalid, Faults: []hook.Fault{{Class: hook.ClassMissing}}}
	wrong := hook.Validation{Outcome: hook.Invalid, Faults: []hook.Fault{{Class: hook.ClassDoubt}, {Class: hook.ClassWrong}}}
	unknown := hook.Validation{Outcome: hook.NoSchema}
	noJSON := hook.Validation{Outcome: hook.NotJSON}
	for name, c := range map[string]struct {
		found    hook.Validation
		from     validate.FailOn // the mildest word under which it counts, "" for none
		mustFail validate.FailOn // the mildest word under which it counts where it must be refused
		until    validate.FailOn // the strictest such word
	}{
		"valid":    {valid, "", validate.FailWrong, validate.FailDoubt},
		"doubtful": {doubtful, validate.FailDoubt, validate.FailWrong, validate.FailUnknown},
		"lacking":  {lacking, validate.FailMissing, validate.FailWrong, validate.FailWrong},
		"wrong":    {wrong, validate.FailWrong, "", ""},
		"unknown":  {unknown, validate.FailUnknown, validate.FailWrong, validate.FailDoubt},
		"no JSON":  {noJSON, validate.FailWrong, "", ""},
	} {
		for i, word := range validate.FailLevels() {
			level := func(f validate.FailOn) int {
				for j, other := range validate.FailLevels() {
					if string(f) == other {
						return j
					}
				}
				return -1
			}
			for _, must := range []bool{false, true} {
				config := validate.Config{FailOn: validate.FailOn(word), Now: time.Now, MustFail: func(*validate.Report) bool { return must }}
				config.Check = func(*validate.Payload) validate.Report { return validate.Report{Validation: c.found} }
				total, err := validate.Run(context.Background(), numbered(1, "{}"), config, func(*validate.Report) error { return nil })
				want := c.from != "" && i >= level(c.from)
				if must {
					want = c.mustFail != "" && i >= level(c.mustFail) && i <= level(c.until)
				}
				if err != nil || (total.Failed == 1) != want {
					t.Errorf("%s under %s, must fail %v: %+v, %v; want counted %v", name, word, must, total, err, want)
				}
				judged, unjudged := 1, 0
				if c.found.Outcome == hook.NoSchema {
					judged, unjudged = 0, 1
				}
				if must && (total.Refused+total.Accepted != judged || total.Unjudged != unjudged) {
					t.Errorf("%s under %s: %+v", name, word, total)
				}
			}
		}
	}
}
