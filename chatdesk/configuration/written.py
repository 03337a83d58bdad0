"""How values of ``desk.yaml`` are told to people, in its document and in the schema that editors show."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class Written:
    """What a kind of value is called, and how it is written."""

    kind: str
    examples: tuple[str, ...] = ()

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        examples: JsonSchemaValue = {"examples": list(self.examples)} if self.examples else {}
        return handler(schema) | examples


@dataclass(frozen=True, slots=True)
class OrAlone:
    """A list whose only item may be written without the list."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        several = handler(schema)
        return {"anyOf": [several["items"], several]}
