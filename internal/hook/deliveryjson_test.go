package hook_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

func TestDeliveryAsJSON(t *testing.T) {
	at := time.Date(2026, 11, 21, 13, 0, 0, 123456000, time.FixedZone("", 3600))
	for name, test := range map[string]struct {
		delivery hook.Delivery
		want     string
	}{
		"all of it": {
			hook.Delivery{
				Seq: 7, ID: "dlv_01JD7Q3V9K4M2N8PXR5TWYZ6AB", Endpoint: "shop", URL: "http://localhost:3000/?a=1&b=<2>", Provider: "recharge",
				Event:     hook.Event{Type: "order/created", ID: "evt_1", Time: "1763712000", Items: 2},
				CaptureID: "cap_01JD7Q3V9K4M2N8PXR5TWYZ6AC", CaptureSeq: 3, Message: &hook.Message{Method: "POST", ContentType: "text/plain", Body: []byte("hi")}, CreatedAt: at,
				Course: hook.Course{State: hook.Lost, Tries: 3, Repeats: 1, First: at, Last: at, Due: at}, Reason: "all 3 attempts failed",
			},
			`{"id":"dlv_01JD7Q3V9K4M2N8PXR5TWYZ6AB","seq":7,"endpoint":"shop","url":"http://localhost:3000/?a=1&b=<2>",` +
				`"provider":"recharge","event":{"type":"order/created","id":"evt_1","time":"1763712000","items":2},` +
				`"capture_id":"cap_01JD7Q3V9K4M2N8PXR5TWYZ6AC","created_at":"2026-11-21T12:00:00.123456Z","state":"failed","tries":3,"repeats":1,` +
				`"first_at":"2026-11-21T12:00:00.123456Z","last_at":"2026-11-21T12:00:00.123456Z","due_at":"2026-11-21T12:00:00.123456Z",` +
				`"reason":"all 3 attempts failed","method":"POST","content_type":"text/plain","body_base64":"aGk="}`,
		},
		"a new one": {
			hook.Delivery{ID: "dlv_01JD7Q3V9K4M2N8PXR5TWYZ6AB", URL: "http://localhost:3000", CreatedAt: at},
			`{"id":"dlv_01JD7Q3V9K4M2N8PXR5TWYZ6AB","seq":0,"url":"http://localhost:3000","provider":"",` +
				`"created_at":"2026-11-21T12:00:00.123456Z","state":"pending","tries":0}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := test.delivery.MarshalJSON()
			if err != nil || string(got) != test.want {
				t.Errorf("%v\n got %s\nwant %s", err, got, test.want)
			}
		})
	}
}

func TestAttemptAsJSONSaysWhatItWasPartOf(t *testing.T) {
	no := false
	a := &hook.Attempt{
		ID: "att_01JD7Q3V9K4M2N8PXR5TWYZ6AC", Delivery: "dlv_01JD7Q3V9K4M2N8PXR5TWYZ6AB", Run: "run_01JD7Q3V9K4M2N8PXR5TWYZ6AD", Try: 2,
		Endpoint: "shop", Provider: "recharge", Event: "order/created", Acknowledged: &no,
	}
	want := map[string]any{
		"delivery": string(a.Delivery), "run": string(a.Run), "try": 2.0, "endpoint": "shop", "provider": "recharge",
		"event": "order/created", "acknowledged": false,
	}
	object := func(a *hook.Attempt) (o map[string]any) {
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &o); err != nil {
			t.Fatal(err)
		}
		return o
	}
	said, silent := object(a), object(&hook.Attempt{})
	for name, value := range want {
		if said[name] != value {
			t.Errorf("%s is %v, want %v", name, said[name], value)
		}
		if _, ok := silent[name]; ok {
			t.Errorf("%s is there without a value", name)
		}
	}
	if _, ok := silent["capture_id"]; ok {
		t.Error("capture_id is there without a capture")
	}
}
