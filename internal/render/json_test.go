package render_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
)

func TestJSONIsExactAndSafeToPrint(t *testing.T) {
	value := map[string]string{"html": "<a>&", nastyText: "é\x7f\U000e0041日"}
	var b bytes.Buffer
	if err := render.WriteJSON(&b, value); err != nil {
		t.Fatal(err)
	}
	wantSafe(t, b.String(), "\n")
	if got := b.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, `"<a>&"`) || !strings.Contains(got, "日") {
		t.Errorf("got %s", got)
	}
	var back map[string]string
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(value, back); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCaptureKeepsItsStableForm(t *testing.T) {
	c := capture("{}", "X-A", "\xff\u202e")
	var b bytes.Buffer
	if err := render.WriteJSON(&b, c); err != nil {
		t.Fatal(err)
	}
	var back hook.Capture
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c, &back); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
