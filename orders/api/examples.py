"""A posted order as the documentation page offers it to be tried; its numbers are made up."""

from drf_spectacular.utils import OpenApiExample

OPENING = OpenApiExample(
    "开通基础版 A 106",
    request_only=True,
    value={
        "externalId": "ERP-2026-0001",
        "channel": [{"id": "HALL-01"}],
        "relatedParty": [{"id": "C000001", "role": "customer", "@referredType": "Customer"}],
        "productOrderItem": [
            {
                "id": "1",
                "action": "add",
                "productOffering": {"id": "basic"},
                "product": {
                    "isBundle": True,
                    "productCharacteristic": [
                        {"name": "scheme", "value": "A"},
                        {"name": "tier", "value": 106},
                        {"name": "main", "value": "1.1"},
                    ],
                },
                "productOrderItem": [
                    {
                        "id": "1.1",
                        "action": "add",
                        "product": {"productSerialNumber": "01062000001"},
                    },
                    {
                        "id": "1.2",
                        "action": "add",
                        "productOffering": {"id": "M2G-STD"},
                        "product": {
                            "productCharacteristic": [
                                {"name": "service", "value": "m2g"},
                                {"name": "number", "value": "13011110099"},
                            ]
                        },
                    },
                    {
                        "id": "1.3",
                        "action": "add",
                        "productOffering": {"id": "ADSL-2M"},
                        "product": {
                            "productCharacteristic": [
                                {"name": "service", "value": "broadband"},
                                {"name": "number", "value": "01088000099"},
                            ],
                            "place": [
                                {
                                    "role": "installationAddress",
                                    "name": "北京市试验区示例路 8 号",
                                    "@type": "GeographicAddress",
                                }
                            ],
                        },
                    },
                ],
            }
        ],
    },
)

HOLD = OpenApiExample(
    "停机保号",
    request_only=True,
    value={
        "channel": [{"id": "HALL-01"}],
        "relatedParty": [{"id": "C000001", "role": "customer", "@referredType": "Customer"}],
        "productOrderItem": [
            {
                "id": "1",
                "action": "modify",
                "product": {
                    "productSerialNumber": "13011110001",
                    "productCharacteristic": [{"name": "state", "value": "on_hold"}],
                },
            }
        ],
    },
)
