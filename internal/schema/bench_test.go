package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/schema"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

const orderSchema = `{
	"$schema": "http://json-schema.org/draft-07/schema#",
	"type": "object",
	"required": ["id", "email", "created_at", "currency", "customer", "line_items"],
	"properties": {
		"id": {"type": "integer", "minimum": 1},
		"email": {"type": "string", "format": "email"},
		"created_at": {"type": "string", "format": "date-time"},
		"currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
		"note": {"type": ["string", "null"]},
		"status": {"enum": ["open", "paid", "refunded"]},
		"customer": {"$ref": "#/definitions/customer"},
		"line_items": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/item"}}
	},
	"definitions": {
		"customer": {
			"type": "object",
			"required": ["id"],
			"properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "url": {"type": "string", "format": "uri"}}
		},
		"item": {
			"type": "object",
			"required": ["sku", "quantity", "price"],
			"properties": {
				"sku": {"type": "string", "maxLength": 40},
				"quantity": {"type": "integer", "minimum": 1},
				"price": {"type": "string", "pattern": "^\\d+\\.\\d{2}$"},
				"taxes": {"type": "array", "items": {"type": "object", "properties": {"rate": {"type": "number"}, "title": {"type": "string"}}}}
			}
		}
	}
}`

// order is a valid document of about 2 KB.
func order() []byte {
	var items []string
	for i := range 12 {
		items = append(items, fmt.Sprintf(`{"sku": "SKU-%03d", "quantity": %d, "price": "19.90", "title": "A thing of beauty", "taxes": [{"rate": 0.19, "title": "VAT"}]}`, i, i+1))
	}
	return []byte(`{"id": 4711, "email": "jane@example.com", "created_at": "2021-11-21T08:00:00Z", "currency": "EUR", "note": null,
		"status": "paid", "customer": {"id": 12, "name": "Jane Doe", "url": "https://example.com/c/12"},
		"line_items": [` + strings.Join(items, ",\n\t\t") + `]}`)
}

func BenchmarkCheck(b *testing.B) {
	s, err := schema.Compile("https://example.com/order.json", []byte(orderSchema), schema.Options{})
	if err != nil {
		b.Fatal(err)
	}
	valid := order()
	wrong := bytes.Replace(valid, []byte(`"19.90"`), []byte(`19.90`), 1)
	b.Run("valid", func(b *testing.B) {
		b.SetBytes(int64(len(valid)))
		b.ReportAllocs()
		for b.Loop() {
			if v := s.Check(valid); !v.Outcome.Passed() {
				b.Fatal(v)
			}
		}
	})
	b.Run("one fault", func(b *testing.B) {
		b.SetBytes(int64(len(wrong)))
		b.ReportAllocs()
		for b.Loop() {
			if v := s.Check(wrong); len(v.Faults) != 1 {
				b.Fatal(v)
			}
		}
	})
}

// BenchmarkCheckBare is what jsonschema/v5 takes alone, with the decoding.
func BenchmarkCheckBare(b *testing.B) {
	s, err := jsonschema.CompileString("https://example.com/order.json", orderSchema)
	if err != nil {
		b.Fatal(err)
	}
	valid := order()
	b.SetBytes(int64(len(valid)))
	b.ReportAllocs()
	for b.Loop() {
		dec := json.NewDecoder(bytes.NewReader(valid))
		dec.UseNumber()
		var value any
		if err := dec.Decode(&value); err != nil {
			b.Fatal(err)
		}
		if err := s.Validate(value); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := schema.Compile("https://example.com/order.json", []byte(orderSchema), schema.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompileBare(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jsonschema.CompileString("https://example.com/order.json", orderSchema); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkManyFaults is a text of 20 000 wrong values.
func BenchmarkManyFaults(b *testing.B) {
	s, err := schema.Compile("https://example.com/list.json", []byte(`{"type": "array", "items": {"type": "string"}}`), schema.Options{})
	if err != nil {
		b.Fatal(err)
	}
	text := []byte("[" + strings.Repeat("1,\n", 20_000) + "1]")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if v := s.Check(text); v.More != 20_001-schema.MaxFaults {
			b.Fatal(v.More)
		}
	}
}
