import django.db.models.functions.text
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CHOICES = (
    ('written', ('tertulis', 'formulir', 'surat')),
    ('official', ('pejabat',)),
    ('public_place', ('ruang publik', 'tempat umum')),
)


def words_become_choices(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make of each free word on consent one of the choices; what was written stays as who gave it."""
    photos = apps.get_model('newsroom', 'Photo')._default_manager.using(editor.connection.alias)
    for words in list(photos.exclude(consent='').values_list('consent', flat=True).distinct()):
        photos.filter(consent=words).update(consent=choice_of(words), consent_from=words)


def choice_of(words: str) -> str:
    """Take consent for spoken unless the words say otherwise."""
    return next((name for name, signs in CHOICES if any(sign in words.lower() for sign in signs)), 'verbal')


def choices_become_words(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    photos = apps.get_model('newsroom', 'Photo')._default_manager.using(editor.connection.alias)
    for row in photos.exclude(consent='').only('pk', 'consent', 'consent_from'):
        photos.filter(pk=row.pk).update(consent=(row.consent_from or row.consent)[:40], consent_from='')


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom', '0010_words_and_pictures'),
    ]

    operations = [
        migrations.RunPython(words_become_choices, choices_become_words),
        migrations.AddField(
            model_name='photo',
            name='band_0',
            field=models.GeneratedField(db_index=True, db_persist=True, expression=django.db.models.functions.text.Substr('dhash', 1, 4), output_field=models.CharField(max_length=4)),
        ),
        migrations.AddField(
            model_name='photo',
            name='band_1',
            field=models.GeneratedField(db_index=True, db_persist=True, expression=django.db.models.functions.text.Substr('dhash', 5, 4), output_field=models.CharField(max_length=4)),
        ),
        migrations.AddField(
            model_name='photo',
            name='band_2',
            field=models.GeneratedField(db_index=True, db_persist=True, expression=django.db.models.functions.text.Substr('dhash', 9, 4), output_field=models.CharField(max_length=4)),
        ),
        migrations.AddField(
            model_name='photo',
            name='band_3',
            field=models.GeneratedField(db_index=True, db_persist=True, expression=django.db.models.functions.text.Substr('dhash', 13, 4), output_field=models.CharField(max_length=4)),
        ),
        migrations.AddField(
            model_name='photo',
            name='exposed',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='photo',
            name='masked',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name='photo',
            name='consent',
            field=models.CharField(blank=True, choices=[('official', 'Pejabat publik (tidak perlu)'), ('verbal', 'Lisan'), ('written', 'Tertulis'), ('public_place', 'Ruang publik')], max_length=40),
        ),
        migrations.AddIndex(
            model_name='photo',
            index=models.Index(condition=models.Q(('exposed', ''), _negated=True), fields=['story'], name='photo_exposed'),
        ),
    ]
