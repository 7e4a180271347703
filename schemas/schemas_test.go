// Package schemas_test holds hookctl's own output against the schemas beside it.
package schemas_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

const base = "https://github.com/hookctl/hookctl/schemas/"

func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat = true
	for _, file := range []string{"capture.schema.json", "attempt.schema.json", "delivery.schema.json", "line.schema.json", "simulate.schema.json", "validate.schema.json", "endpoint.schema.json", "command.schema.json"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource(base+file, bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := c.Compile(base + name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// full fills every field that JSON can show.
func full() (*hook.Capture, *hook.Attempt) {
	reply := &hook.Reply{Status: 502, From: hook.FromListener, Dropped: hook.DroppedReset, Latency: 1500 * time.Microsecond}
	c := &hook.Capture{
		Seq: 1, ID: "cap_01JD7Q3V9K4M2N8PXR5TWYZ6AB", ReceivedAt: time.Unix(1763712000, 123456000), Method: "POST",
		Target: "/a\xff?x=1", Proto: "HTTP/1.1", Remote: "127.0.0.1:1", Header: hook.Header{{Name: "x-A", Value: "\xff"}, {Name: "Cookie", Value: "k"}},
		HeadersExact: true, Trailer: hook.Header{{Name: "T", Value: "\xfe"}}, BodySize: 2, Body: hook.Bytes("{}"), Reply: reply,
		Identity: &hook.Identity{
			Provider: "recharge", Candidates: []string{"recharge", "techrar"},
			Event:        hook.Event{Type: "order/created", ID: "evt_1", Time: "1763712000", Items: 3},
			Verification: &hook.Verification{Outcome: hook.Failed, Scheme: "v1", Reason: "mismatch", Detail: "no secret fits", Unbound: true},
		},
		Validation: &hook.Validation{
			Outcome: hook.Invalid, Schema: "recharge/2021-11/order", Reason: "none", Fits: "2021-01", More: 2,
			Faults: []hook.Fault{{
				Kind: "type", Class: hook.ClassWrong, Pointer: "/order/id", Rule: "order.schema.json#/properties/id/type",
				Message: "want integer, got string", Line: 1, Column: 8, Offset: 7,
			}},
		},
	}
	a := &hook.Attempt{
		Seq: 2, ID: "att_01JD7Q3V9K4M2N8PXR5TWYZ6AC", CaptureID: c.ID, StartedAt: c.ReceivedAt, Trigger: hook.TriggerForward,
		Method: "POST", URL: "http://localhost:3000/a", Status: 200, Latency: time.Second, Failure: hook.FailureBroken,
		Reason: "closed", ResponseProto: "HTTP/1.1", ResponseHeader: hook.Header{{Name: "Set-Cookie", Value: "k"}}, ResponseBody: []byte("x"),
		ResponseSize: 2, Reply: reply,
		Delivery: "dlv_01JD7Q3V9K4M2N8PXR5TWYZ6AD", Try: 3, Run: "run_01JD7Q3V9K4M2N8PXR5TWYZ6AE",
		Endpoint: "shop", Provider: "recharge", Event: "order/created", Acknowledged: new(bool),
	}
	return c, a
}

// fullDelivery fills every field that JSON can show.
func fullDelivery() *hook.Delivery {
	c, a := full()
	d := &hook.Delivery{
		Seq: 3, ID: a.Delivery, Endpoint: "shop", URL: a.URL, Provider: "recharge", Event: c.Identity.Event, CaptureID: c.ID,
		CreatedAt: c.ReceivedAt, Reason: "all 3 attempts failed",
		Message: &hook.Message{Method: "POST", ContentType: "text/plain", Header: hook.Header{{Name: "Authorization", Value: "k"}}, Body: []byte("x")},
	}
	d.Course = hook.Course{State: hook.Lost, Tries: 3, Repeats: 1, First: c.ReceivedAt, Last: c.ReceivedAt, Due: c.ReceivedAt}
	return d
}

func decode(t *testing.T, v any) map[string]any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	return object
}

func TestOutputFitsItsSchema(t *testing.T) {
	c, a := full()
	for name, test := range map[string]struct {
		schema string
		value  any
	}{
		"full capture":    {"capture.schema.json", c},
		"bare capture":    {"capture.schema.json", &hook.Capture{ID: c.ID}},
		"not checked":     {"capture.schema.json", &hook.Capture{ID: c.ID, Identity: &hook.Identity{Verification: &hook.Verification{Outcome: hook.NotChecked}}}},
		"full attempt":    {"attempt.schema.json", a},
		"made by us":      {"attempt.schema.json", &hook.Attempt{ID: a.ID, Trigger: hook.TriggerManual, Status: 200}},
		"full delivery":   {"delivery.schema.json", fullDelivery()},
		"new delivery":    {"delivery.schema.json", &hook.Delivery{ID: a.Delivery}},
		"hidden capture":  {"capture.schema.json", c.Masked()},
		"hidden attempt":  {"attempt.schema.json", a.Masked()},
		"hidden delivery": {"delivery.schema.json", fullDelivery().Masked()},
		"a line":          {"line.schema.json", a},
		"another":         {"line.schema.json", fullDelivery()},
		"failed attempt":  {"attempt.schema.json", &hook.Attempt{ID: a.ID, CaptureID: c.ID, Trigger: hook.TriggerForward, Failure: hook.FailureLate}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := compile(t, test.schema).Validate(decode(t, test.value)); err != nil {
				t.Errorf("%#v", err)
			}
		})
	}
}

// Every property of a schema is one that the output can have, and the other way round.
func TestSchemasNameWhatTheOutputHas(t *testing.T) {
	c, a := full()
	streamOnly := map[string][]string{
		"capture.schema.json": {"attempts", "drift", "refused", "redacted"},
		"attempt.schema.json": {
			"kind", "verdict", "event_id", "state", "due_at", "delivery_reason", "effects", "capture_seq", "received_at", "target", "change", "then",
		},
		"delivery.schema.json": {"redacted"},
	}
	for name, value := range map[string]any{"capture.schema.json": c, "attempt.schema.json": a, "delivery.schema.json": fullDelivery()} {
		object := decode(t, value)
		for property := range compile(t, name).Properties {
			if _, ok := object[property]; !ok && !slices.Contains(streamOnly[name], property) {
				t.Errorf("%s: no output has %q", name, property)
			}
		}
	}
}

func TestOutputThatDoesNotFitIsFound(t *testing.T) {
	c, _ := full()
	schema := compile(t, "capture.schema.json")
	for name, spoil := range map[string]func(map[string]any){
		"unknown property": func(o map[string]any) { o["surprise"] = 1 },
		"missing property": func(o map[string]any) { delete(o, "headers_exact") },
		"wrong type":       func(o map[string]any) { o["seq"] = "1" },
		"bad id":           func(o map[string]any) { o["id"] = "cap_x" },
		"unknown outcome":  func(o map[string]any) { o["verification"].(map[string]any)["outcome"] = "passed" },
		"empty event":      func(o map[string]any) { o["event"] = map[string]any{} },
	} {
		object := decode(t, c)
		spoil(object)
		if schema.Validate(object) == nil {
			t.Errorf("%s: the schema accepts it", name)
		}
	}
}

// A capture read back from its JSON is the capture that was written.
func TestCaptureRoundTrip(t *testing.T) {
	c, _ := full()
	c.BodySHA256 = [32]byte{}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte(`"body_sha256":"`+strings.Repeat("0", 64)+`",`), nil, 1)
	var back hook.Capture
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	back.BodySHA256, back.ReceivedAt = c.BodySHA256, c.ReceivedAt
	if !reflect.DeepEqual(*c, back) {
		t.Errorf("got %+v, want %+v", back, *c)
	}
}
