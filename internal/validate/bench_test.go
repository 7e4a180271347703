package validate_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/validate"
)

// What a payload costs besides its check, from a folder of files and from lines.
func BenchmarkRun(b *testing.B) {
	dir, text := b.TempDir(), `{"pad":"`+strings.Repeat("x", 2000)+`"}`
	const payloads = 1000
	if err := os.Mkdir(filepath.Join(dir, "files"), 0o700); err != nil {
		b.Fatal(err)
	}
	for i := range payloads {
		if err := os.WriteFile(filepath.Join(dir, "files", fmt.Sprintf("%04d.json", i)), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "lines.ndjson"), []byte(strings.Repeat(text+"\n", payloads)), 0o600); err != nil {
		b.Fatal(err)
	}
	for _, arg := range []string{"files", "lines.ndjson"} {
		b.Run(arg, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				finder := validate.Finder{Dir: dir}
				found, err := finder.Find(arg)
				if err != nil {
					b.Fatal(err)
				}
				config := validate.Config{Check: accept, FailOn: validate.FailUnknown, Now: time.Now}
				total, err := validate.Run(context.Background(), all(found), config, func(*validate.Report) error { return nil })
				if err != nil || total.Valid != payloads {
					b.Fatal(total, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*payloads), "us/payload")
		})
	}
}

func accept(*validate.Payload) validate.Report {
	return validate.Report{Validation: hook.Validation{Outcome: hook.Valid}}
}
