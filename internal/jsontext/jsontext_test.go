package jsontext_test

import (
	"encoding/json"
	"testing"
	"unicode"

	"github.com/hookctl/hookctl/internal/jsontext"
	"pgregory.net/rapid"
)

func TestMarshal(t *testing.T) {
	for value, want := range map[string]string{
		"plain <b>&é…":       `"plain <b>&é…"`,
		"\x1b[31m\x7f":       `"\u001b[31m\u007f"`,
		"\u009b\u202e\u200b": `"\u009b\u202e\u200b"`,
		"\u2028":             `"\u2028"`,
		"\U000e0001":         `"\udb40\udc01"`,
	} {
		got, err := jsontext.Marshal(value)
		if err != nil || string(got) != want {
			t.Errorf("%q: %s, %v; want %s", value, got, err, want)
		}
	}
}

func TestMarshalIsPrintableAndExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.String().Draw(t, "value")
		text, err := jsontext.Marshal(map[string]string{value: value})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range string(text) {
			if !unicode.IsPrint(r) {
				t.Fatalf("%q is in %q", r, text)
			}
		}
		var back map[string]string
		if err := json.Unmarshal(text, &back); err != nil || back[value] != value {
			t.Fatalf("%q came back as %v, %v", value, back, err)
		}
	})
}
