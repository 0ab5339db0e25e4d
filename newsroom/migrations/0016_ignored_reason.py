from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0015_reason_due_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="ignored",
            name="reason",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
