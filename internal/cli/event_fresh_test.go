package cli

import (
	"math/rand/v2"
	"regexp"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/schemas"
)

func TestIDsAreOfTheFormOfTheExample(t *testing.T) {
	random := rand.NewChaCha8([32]byte{1})
	for value, form := range map[string]string{
		`"5f1c9a52-7b0e-4c1d-9a3f-2e6d8b7c0a01"`: `^"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"$`,
		`"evt_1Nxyz9AB"`:                         `^"evt_[0-9][A-Z][a-z]{3}[0-9][A-Z]{2}"$`,
		`"deadbeef01"`:                           `^"[a-f]{8}[0-9]{2}"$`,
		`12345`:                                  `^[1-9][0-9]{4}$`,
		`"BR-1001"`:                              `^"[A-Z]{2}-[0-9]{4}"$`,
	} {
		got, err := freshID([]byte(value), time.Now(), random)
		if err != nil || !regexp.MustCompile(form).Match(got) || string(got) == value {
			t.Errorf("%s: got %s, %v", value, got, err)
		}
	}
	for _, value := range []string{`null`, `""`, `{}`, `[1]`, `true`, `1.5`, `-3`} {
		if got, err := freshID([]byte(value), time.Now(), random); got != nil || err != nil {
			t.Errorf("%s is no id, got %s, %v", value, got, err)
		}
	}
}

func TestTimesAreOfTheFormOfTheExample(t *testing.T) {
	at := time.Date(2026, 11, 21, 8, 0, 0, 123456789, time.UTC)
	for value, want := range map[string]string{
		`1640000000`:                      `1795248000`,
		`"1640000000"`:                    `"1795248000"`,
		`1640000000123`:                   `1795248000123`,
		`"2026-03-02T18:04:11.120Z"`:      `"2026-11-21T08:00:00.123Z"`,
		`"2021-09-01T09:29:38.969"`:       `"2026-11-21T08:00:00.123"`,
		`"2021-09-01T09:29:38"`:           `"2026-11-21T08:00:00"`,
		`"2021-09-01T09:29:38+02:00"`:     `"2026-11-21T10:00:00+02:00"`,
		`"2021-09-01 09:29:38.123456789"`: `"2026-11-21 08:00:00.123456789"`,
	} {
		if got := freshTime([]byte(value), at); string(got) != want {
			t.Errorf("%s: got %s, want %s", value, got, want)
		}
	}
	for _, value := range []string{`12`, `null`, `"soon"`, `true`, `{}`, `""`, `1.5`} {
		if got := freshTime([]byte(value), at); got != nil {
			t.Errorf("%s is no time, got %s", value, got)
		}
	}
}

// Each message of a provider without ids is of a resource of its own: one that is the
// example itself would be dropped as a duplicate from the second run on.
func TestMessagesToldApartByContentDiffer(t *testing.T) {
	profile, err := provider.NewLibrary(schemas.Files()).Load("recharge")
	if err != nil {
		t.Fatal(err)
	}
	f := &freshener{profile: profile, valid: func([]byte) bool { return true }}
	const body = `{"order":{"id":12345678,"total":"1.00"}}`
	random := rand.NewChaCha8([32]byte{1})
	seen := map[string]bool{body: true}
	for range 3 {
		made, err := f.freshen([]byte(body), time.Now(), random)
		if err != nil || seen[string(made)] {
			t.Errorf("%s, %v: not another one", made, err)
		}
		seen[string(made)] = true
	}
	f.kept = []jsontext.Path{{{Key: "order"}, {Key: "id"}}}
	if kept, err := f.freshen([]byte(body), time.Now(), random); err != nil || string(kept) != body {
		t.Errorf("what the user set: %s, %v", kept, err)
	}
	f.kept, f.valid = nil, func([]byte) bool { return false }
	if kept, err := f.freshen([]byte(body), time.Now(), random); err != nil || string(kept) != body {
		t.Errorf("what would not be valid: %s, %v", kept, err)
	}
}
